package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule.Rows;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// How many rows each value of a loop is kept for: as few as its readers allow.
final class Storage {
  private final Loop loop;
  private final Map<Symbol, Rows> rows = new HashMap<>();
  private final Map<Symbol, Integer> stageOf = new HashMap<>();
  private final List<Draft> stages;
  private final int firstOfLoop;
  private final int firstAfter;

  private Storage(Loop loop, Staging.Drafts drafts) {
    this.loop = loop;
    this.stages = drafts.all();
    this.firstOfLoop = drafts.before().size();
    this.firstAfter = firstOfLoop + drafts.step().size();
  }

  /// Rows of every value that the loop defines and that leaves its registers.
  ///
  /// @param sequences values of which every step's is read by others
  static Map<Symbol, Rows> of(Loop loop, Staging.Drafts drafts, Set<Symbol> sequences) {
    Storage it = new Storage(loop, drafts);
    it.definitions();
    it.reads();
    loop.carried().forEach(s -> it.need(s, it.perStep(s)));
    sequences.stream().filter(it.stageOf::containsKey).forEach(s -> it.need(s, Rows.SEQUENCE));
    return it.rows;
  }

  /// What a state is kept for, whoever reads it.
  private Rows perStep(Symbol state) {
    Integer definition = stageOf.get(state);
    return definition == null || perStage(definition) == Rows.STEP
        ? Rows.RING
        : Rows.STATE_SEQUENCE;
  }

  private void definitions() {
    for (int i = 0; i < stages.size(); i++) {
      for (Equation e : equations(stages.get(i))) {
        stageOf.put(e.target(), i);
      }
      for (Symbol s : placed(stages.get(i))) {
        need(s, perStage(i));
      }
    }
  }

  private static List<Equation> equations(Draft draft) {
    return switch (draft) {
      case Draft.Row(Equation e) -> List.of(e);
      case Draft.Tiles(
              _,
              List<Draft.Family> families,
              List<Equation> lines,
              List<Equation> ends) -> {
        List<Equation> all = new ArrayList<>(lines);
        all.addAll(ends);
        families.stream().filter(Draft.Family::direct).forEach(f -> all.addAll(f.slots()));
        yield all;
      }
    };
  }

  /// Values that go to memory whoever reads them.
  private static List<Symbol> placed(Draft draft) {
    return switch (draft) {
      case Draft.Row(Equation e) -> List.of(e.target());
      case Draft.Tiles(_, List<Draft.Family> families, List<Equation> lines, _) ->
          Stream.concat(
                  families.stream().filter(Draft.Family::direct).flatMap(f -> f.slots().stream()),
                  // Between parts of a row a total waits in memory.
                  lines.stream().filter(e -> Reads.isTotal(e) || Reads.isMatrixTotal(e)))
              .map(Equation::target)
              .toList();
    };
  }

  private void reads() {
    for (int i = 0; i < stages.size(); i++) {
      for (Equation e : equations(stages.get(i))) {
        for (Expr.Value v : Reads.values(e.value())) {
          read(v, i);
        }
      }
    }
  }

  private void read(Expr.Value v, int stage) {
    boolean inLoop = perStage(stage) == Rows.STEP;
    Integer definition = stageOf.get(v.symbol());
    if (definition == null) {
      return;
    }
    if (loop.isCarried(v)) {
      need(v.symbol(), inLoop ? Rows.RING : Rows.STATE_SEQUENCE);
    } else if (definition != stage) {
      need(v.symbol(), perStage(definition) == perStage(stage) ? perStage(stage) : Rows.SEQUENCE);
    }
  }

  private Rows perStage(int stage) {
    return stage >= firstOfLoop && stage < firstAfter ? Rows.STEP : Rows.SEQUENCE;
  }

  private void need(Symbol symbol, Rows more) {
    rows.merge(symbol, more, Storage::join);
  }

  private static Rows join(Rows a, Rows b) {
    if (a == b) {
      return a;
    }
    boolean carried = isCarried(a) || isCarried(b);
    boolean kept = isKept(a) || isKept(b);
    if (carried) {
      return kept ? Rows.STATE_SEQUENCE : Rows.RING;
    }
    return kept ? Rows.SEQUENCE : Rows.STEP;
  }

  private static boolean isCarried(Rows rows) {
    return rows == Rows.RING || rows == Rows.STATE_SEQUENCE;
  }

  private static boolean isKept(Rows rows) {
    return rows == Rows.SEQUENCE || rows == Rows.STATE_SEQUENCE;
  }
}
