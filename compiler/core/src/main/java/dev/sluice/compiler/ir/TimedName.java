package dev.sluice.compiler.ir;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A name with its time as a subscript: `c̃_t`, `h′_{t-1}`, `z_{f,t}`, `∂L/∂z_{f,t}`.
///
/// A name that holds a time already, such as `∂L/∂h_{t-1}|_t` (the part of ∂L/∂h_{t-1} that comes
/// through step t), has all its times moved: one step on it reads `∂L/∂h_t|_{t+1}`. A formula
/// without times, `1 − α`, is the same at every step.
final class TimedName {
  /// `_t`, `_{t-1}`, `_{t+1}`, with a label `_{f,t-1}`.
  private static final Pattern TIME =
      Pattern.compile("_(?:t(?![A-Za-z0-9])|\\{(?:([^{}]*),)?t([+-]\\d+)?\\})");

  /// What a time has stood behind: `∂L/∂h_{t-1}|_t`.
  private static final Pattern BAR = Pattern.compile("\\|(?=[ )\\]ᵀ′²]|$)");

  private TimedName() {}

  /// @param delay 0 is this step, 1 the one before, -1 the one after
  static String of(Symbol symbol, int delay) {
    String display = symbol.display();
    if (TIME.matcher(display).find()) {
      return moved(display, delay);
    }
    return display.contains(" ") ? display : appended(display, delay);
  }

  /// A text in which names have no times: `∂L/∂A` for `∂L/∂A_t|_{t+1}`.
  static String without(String text) {
    return BAR.matcher(TIME.matcher(text).replaceAll(TimedName::label)).replaceAll("");
  }

  private static String label(MatchResult match) {
    String label = match.group(1);
    return label == null ? "" : Matcher.quoteReplacement("_{" + label + "}");
  }

  private static String moved(String display, int delay) {
    return TIME.matcher(display).replaceAll(match -> Matcher.quoteReplacement(moved(match, delay)));
  }

  private static String moved(MatchResult match, int delay) {
    int offset = match.group(2) == null ? 0 : Integer.parseInt(match.group(2));
    String label = match.group(1) == null ? "" : match.group(1);
    return subscript(label, delay - offset);
  }

  private static String appended(String display, int delay) {
    int label = display.lastIndexOf('_');
    boolean isLabel = label > 0 && label > display.lastIndexOf('/') && !display.endsWith(")");
    if (!isLabel) {
      return display + subscript("", delay);
    }
    String text = display.substring(label + 1);
    String bare =
        text.startsWith("{") && text.endsWith("}") ? text.substring(1, text.length() - 1) : text;
    return display.substring(0, label) + subscript(bare, delay);
  }

  private static String subscript(String label, int delay) {
    String time = delay == 0 ? "t" : delay > 0 ? "t-" + delay : "t+" + -delay;
    if (label.isEmpty()) {
      return delay == 0 ? "_t" : "_{" + time + "}";
    }
    return "_{" + label + "," + time + "}";
  }
}
