package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Sections to drafts of stages: equations of one level and length together, products with the same
/// operands in a family.
final class Staging {
  /// Slots of a family: a register tile is four vectors wide.
  static final int WIDEST = 4;

  private final Set<Symbol> plain;
  private final Sections sections;
  private final Map<Symbol, String> familyOf = new HashMap<>();

  /// @param plain symbols that must have a buffer of their own: seen from outside, operands, rows
  private Staging(Sections sections, Set<Symbol> plain) {
    this.sections = sections;
    this.plain = plain;
  }

  /// @param parts names of the hoisted parts of sums
  /// @param before stages over all steps, first
  /// @param step stages of one step
  /// @param after stages over all steps, last
  record Drafts(
      Set<Symbol> parts,
      List<Equation> uniform,
      List<Draft> before,
      List<Draft> step,
      List<Draft> after) {
    List<Draft> all() {
      List<Draft> all = new ArrayList<>(before);
      all.addAll(step);
      all.addAll(after);
      return all;
    }
  }

  static Drafts of(Loop loop, Set<Symbol> plain) {
    Sections sections = Sections.of(loop);
    Staging it = new Staging(sections, plain);
    List<Draft> step = it.section(sections.step(), it::keyInLoop, true);
    List<Draft> before = it.section(sections.before(), it::keyOfHoisted, false);
    List<Draft> after = it.section(sections.after(), it::keyInLoop, false);
    return new Drafts(sections.parts(), sections.uniform(), before, step, after);
  }

  private List<Draft> section(
      List<Equation> section, Function<Equation, String> key, boolean inLoop) {
    List<Draft> drafts = new ArrayList<>();
    for (List<Equation> level : Levels.group(section, !inLoop)) {
      level.stream().filter(Reads::isRowWork).forEach(e -> drafts.add(new Draft.Row(e)));
      List<Equation> apart = inLoop ? totalsApart(level, section) : List.of();
      boolean totals = level.stream().anyMatch(Reads::isTotal);
      List<Equation> ends = new ArrayList<>();
      Map<Shape, List<Equation>> byShape = new LinkedHashMap<>();
      Map<Shape, List<Equation>> totalsByShape = new LinkedHashMap<>();
      for (Equation e : level) {
        if (totals && Reads.isScalar(e)) {
          ends.add(e);
        } else if (!Reads.isRowWork(e)) {
          Map<Shape, List<Equation>> map = apart.contains(e) ? totalsByShape : byShape;
          map.computeIfAbsent(Reads.over(e), _ -> new ArrayList<>()).add(e);
        }
      }
      addTiles(drafts, byShape, key);
      addTiles(drafts, totalsByShape, key);
      addEnds(drafts, ends);
    }
    return drafts;
  }

  private void addTiles(
      List<Draft> drafts, Map<Shape, List<Equation>> byShape, Function<Equation, String> key) {
    byShape.forEach(
        (shape, equations) ->
            MethodSize.parts(equations).forEach(part -> drafts.add(tiles(shape, part, key))));
  }

  /// The totals of a level, with cheap work that nothing else reads. In the loop they are a stage
  /// of their own, for members of a team may share out the units of all others: a total must not
  /// depend on how.
  private List<Equation> totalsApart(List<Equation> level, List<Equation> section) {
    List<Equation> apart = new ArrayList<>(level.stream().filter(Reads::isTotal).toList());
    for (Equation e : level.reversed()) {
      List<Equation> readers = section.stream().filter(other -> reads(other, e)).toList();
      boolean onlyTotalled = !readers.isEmpty() && apart.containsAll(readers);
      if (onlyTotalled
          && Levels.isCheap(e)
          && e.shape() instanceof Shape.Vector
          && !plain.contains(e.target())) {
        apart.add(e);
      }
    }
    return apart;
  }

  private static boolean reads(Equation reader, Equation e) {
    return Reads.values(reader.value()).stream()
        .anyMatch(v -> v.delay() == 0 && v.symbol().equals(e.target()));
  }

  /// To the last stage with a total: every row of the stages before it is through by then.
  private static void addEnds(List<Draft> drafts, List<Equation> ends) {
    if (ends.isEmpty()) {
      return;
    }
    for (int i = drafts.size() - 1; i >= 0; i--) {
      if (drafts.get(i) instanceof Draft.Tiles stage
          && stage.lines().stream().anyMatch(Reads::isTotal)) {
        drafts.set(i, stage.withEnds(ends));
        return;
      }
    }
    throw new IllegalStateException("no total before " + ends.getFirst().target());
  }

  private Draft tiles(Shape shape, List<Equation> equations, Function<Equation, String> key) {
    Map<String, List<Equation>> families = new LinkedHashMap<>();
    List<Equation> lines = new ArrayList<>();
    for (Equation e : equations) {
      boolean direct = Reads.isProductSum(e) && isDirect(e, equations);
      if (Reads.isProductSum(e)) {
        families.computeIfAbsent(place(direct, e) + key.apply(e), _ -> new ArrayList<>()).add(e);
      }
      if (!direct) {
        lines.add(e);
      }
    }
    List<Draft.Family> drafts = new ArrayList<>();
    families.forEach(
        (name, slots) -> {
          for (int from = 0; from < slots.size(); from += WIDEST) {
            List<Equation> some = slots.subList(from, Math.min(from + WIDEST, slots.size()));
            some.forEach(
                e -> familyOf.put(e.target(), shape + " " + name + some.getFirst().target()));
            drafts.add(new Draft.Family(some, isDirect(some.getFirst(), equations)));
          }
        });
    return new Draft.Tiles(shape, drafts, lines, List.of());
  }

  private String place(boolean direct, Equation e) {
    return direct ? plain.contains(e.target()) ? "own " + e.target() + " " : "direct " : "";
  }

  /// A product sum needs no line when nothing but biases is left to add and nobody reads it in the
  /// same pass.
  private static boolean isDirect(Equation e, List<Equation> stage) {
    return Reads.withoutProducts(e).stream().allMatch(Reads::isBias)
        && stage.stream()
            .flatMap(other -> Reads.values(other.value()).stream())
            .noneMatch(v -> v.delay() == 0 && v.symbol().equals(e.target()));
  }

  private String keyInLoop(Equation e) {
    return operands(e) + hoistedPart(e).map(this::operands).orElse("");
  }

  /// Hoisted sums are interleaved as the sums that continue them.
  private String keyOfHoisted(Equation e) {
    for (Equation use : sections.step()) {
      if (Reads.isProductSum(use) && Reads.withoutProducts(use).contains(e.now())) {
        return operands(e) + " for " + familyOf.get(use.target());
      }
    }
    return operands(e);
  }

  private String operands(Equation e) {
    return Reads.products(e).stream().map(p -> p.b().toString()).toList().toString();
  }

  private Optional<Equation> hoistedPart(Equation e) {
    for (Expr term : Reads.withoutProducts(e)) {
      if (term instanceof Expr.Value(Symbol symbol, int delay, _) && delay == 0) {
        for (Equation before : sections.before()) {
          if (before.target().equals(symbol) && Reads.isProductSum(before)) {
            return Optional.of(before);
          }
        }
      }
    }
    return Optional.empty();
  }
}
