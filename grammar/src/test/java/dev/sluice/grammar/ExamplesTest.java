package dev.sluice.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The grammar alone on single statements: `good.txt`, `latex.txt`, `bad.txt`.
class ExamplesTest {
  static Stream<String> right() throws IOException {
    return Stream.concat(lines("good.txt").stream(), lines("latex.txt").stream());
  }

  static Stream<Arguments> wrong() throws IOException {
    List<String> lines = lines("bad.txt");
    List<Arguments> pairs = new ArrayList<>();
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      pairs.add(Arguments.of(lines.get(i), lines.get(i + 1).indexOf('^')));
    }
    return pairs.stream();
  }

  @ParameterizedTest
  @MethodSource("right")
  void isAStatement(String statement) {
    assertThat(firstError(statement)).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void isNoStatement(String statement, int column) {
    assertThat(firstError(statement)).isEqualTo(column);
  }

  /// SLL prediction, which the compiler uses, accepts what full LL accepts.
  @ParameterizedTest
  @MethodSource("right")
  void isAStatementWithoutContext(String statement) {
    SluiceParser parser = parser(statement);
    parser.getInterpreter().setPredictionMode(PredictionMode.LL_EXACT_AMBIG_DETECTION);
    List<String> conflicts = new ArrayList<>();
    parser.addErrorListener(
        new BaseErrorListener() {
          @Override
          public void reportAmbiguity(
              org.antlr.v4.runtime.Parser recognizer,
              org.antlr.v4.runtime.dfa.DFA dfa,
              int startIndex,
              int stopIndex,
              boolean exact,
              java.util.BitSet alternatives,
              org.antlr.v4.runtime.atn.ATNConfigSet configurations) {
            conflicts.add("ambiguous in decision " + dfa.decision);
          }

          @Override
          public void reportAttemptingFullContext(
              org.antlr.v4.runtime.Parser recognizer,
              org.antlr.v4.runtime.dfa.DFA dfa,
              int startIndex,
              int stopIndex,
              java.util.BitSet alternatives,
              org.antlr.v4.runtime.atn.ATNConfigSet configurations) {
            conflicts.add("context needed in decision " + dfa.decision);
          }
        });
    parser.statement();
    assertThat(conflicts).isEmpty();
  }

  /// The column of the first token that cannot stand where it stands, or -1.
  private static int firstError(String statement) {
    SluiceParser parser = parser(statement);
    parser.setErrorHandler(new BailErrorStrategy());
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    try {
      parser.statement();
      return -1;
    } catch (ParseCancellationException e) {
      Token found = ((RecognitionException) e.getCause()).getOffendingToken();
      return found.getCharPositionInLine();
    }
  }

  private static SluiceParser parser(String statement) {
    SluiceLexer lexer = new SluiceLexer(CharStreams.fromString(statement));
    SluiceParser parser = new SluiceParser(new CommonTokenStream(lexer));
    parser.removeErrorListeners();
    return parser;
  }

  private static List<String> lines(String name) throws IOException {
    try (InputStream in = ExamplesTest.class.getResourceAsStream(name)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(l -> !l.startsWith("#") && !l.isBlank()).toList();
    }
  }
}
