package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.BufferPlan;
import dev.sluice.compiler.ir.Schedule.Place;
import dev.sluice.compiler.ir.Schedule.Rows;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.Flatten;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Drafts to a schedule: numbers buffers and packed weights, and says where every value is found.
final class Assembly {
  private final Cell cell;
  private final Adjoint adjoint;
  private final List<BufferPlan> buffers = new ArrayList<>();
  private final SequencedMap<Schedule.Packed, Integer> packed = new LinkedHashMap<>();

  /// The family of the loop that continues the sums of a buffer.
  private final Map<Integer, Draft.Family> continuation = new HashMap<>();

  /// What a family of the loop continues.
  private final Map<Draft.Family, Draft.Family> continued = new HashMap<>();

  Assembly(Cell cell, Adjoint adjoint) {
    this.cell = cell;
    this.adjoint = adjoint;
  }

  Schedule schedule(
      Staging.Drafts forward,
      Staging.Drafts backward,
      Map<Symbol, Rows> inference,
      Map<Symbol, Rows> training,
      Map<Symbol, Rows> gradients) {
    Map<Symbol, Place> places = new HashMap<>();
    for (Cell.Input input : cell.inputs()) {
      place(List.of(input.symbol()), input.shape(), Rows.SEQUENCE, Rows.SEQUENCE, places);
    }
    Set<Symbol> kept = Means.rows(cell, forward.all());
    for (Cell.Mask mask : cell.masks()) {
      Rows inInference = kept.contains(mask.symbol()) ? Rows.SEQUENCE : Rows.NONE;
      place(List.of(mask.symbol()), mask.shape(), inInference, Rows.SEQUENCE, places);
    }
    placeAll(forward, inference, training, places);
    Schedule.Pass inferencePass =
        Means.inference(pass(forward, inference, places, List.of()), cell, kept);
    Schedule.Pass trainingPass = pass(forward, training, places, List.of());
    int forwardPacked = packed.size();

    Map<Symbol, Place> backwardPlaces = new HashMap<>(places);
    place(
        List.of(adjoint.outputGradient()),
        cell.outputShape(),
        Rows.NONE,
        Rows.SEQUENCE,
        backwardPlaces);
    placeAll(backward, Map.of(), gradients, backwardPlaces);
    Schedule.Pass backwardPass = pass(backward, gradients, backwardPlaces, adjoint.accumulations());
    return new Schedule(
        cell,
        adjoint,
        buffers,
        List.copyOf(packed.keySet()),
        forwardPacked,
        inferencePass,
        trainingPass,
        backwardPass,
        Optional.empty());
  }

  private void place(
      List<Symbol> symbols, Shape shape, Rows inference, Rows training, Map<Symbol, Place> places) {
    int index = buffers.size();
    buffers.add(new BufferPlan(name(symbols), symbols, shape, inference, training));
    boolean arrives =
        training == Rows.STATE_SEQUENCE && adjoint.carries().containsValue(symbols.getFirst());
    for (int slot = 0; slot < symbols.size(); slot++) {
      places.put(symbols.get(slot), new Place(index, symbols.size(), slot, arrives ? -1 : 0));
    }
  }

  private static String name(List<Symbol> symbols) {
    String first = symbols.getFirst().plain();
    return symbols.size() == 1 ? first : first + "_and_" + (symbols.size() - 1);
  }

  private void placeAll(
      Staging.Drafts drafts,
      Map<Symbol, Rows> inference,
      Map<Symbol, Rows> training,
      Map<Symbol, Place> places) {
    for (Draft draft : drafts.all()) {
      switch (draft) {
        case Draft.Row(Equation e) -> placeOne(e, inference, training, places);
        case Draft.Tiles(
                Shape shape,
                List<Draft.Family> families,
                List<Equation> lines,
                List<Equation> ends) -> {
          for (Draft.Family family : families) {
            if (family.direct()) {
              List<Symbol> symbols = family.slots().stream().map(Equation::target).toList();
              place(symbols, shape, most(symbols, inference), most(symbols, training), places);
            }
          }
          lines.forEach(e -> placeOne(e, inference, training, places));
          ends.forEach(e -> placeOne(e, inference, training, places));
        }
      }
    }
  }

  private void placeOne(
      Equation e, Map<Symbol, Rows> inference, Map<Symbol, Rows> training, Map<Symbol, Place> to) {
    Rows forInference = inference.getOrDefault(e.target(), Rows.NONE);
    Rows forTraining = training.getOrDefault(e.target(), Rows.NONE);
    if (forInference != Rows.NONE || forTraining != Rows.NONE) {
      place(List.of(e.target()), e.shape(), forInference, forTraining, to);
    }
  }

  private static Rows most(List<Symbol> symbols, Map<Symbol, Rows> rows) {
    return symbols.stream()
        .map(s -> rows.getOrDefault(s, Rows.NONE))
        .max(java.util.Comparator.naturalOrder())
        .orElseThrow();
  }

  private Schedule.Pass pass(
      Staging.Drafts drafts,
      Map<Symbol, Rows> rows,
      Map<Symbol, Place> places,
      List<Adjoint.Accumulation> accumulations) {
    drafts.uniform().forEach(e -> coefficients(e.value()));
    findContinued(drafts, places);
    return new Schedule.Pass(
        stages(drafts.before(), rows, places),
        stages(drafts.step(), rows, places),
        stages(drafts.after(), rows, places),
        accumulations,
        places,
        drafts.uniform(),
        drafts.parts());
  }

  private List<Schedule.Stage> stages(
      List<Draft> drafts, Map<Symbol, Rows> rows, Map<Symbol, Place> places) {
    List<Schedule.Stage> stages = new ArrayList<>();
    for (Draft draft : drafts) {
      stages.add(
          switch (draft) {
            case Draft.Row(Equation e) -> new Schedule.RowWork(e);
            case Draft.Tiles tiles -> tiles(tiles, rows, places);
          });
    }
    return stages;
  }

  private Schedule.Tiles tiles(
      Draft.Tiles draft, Map<Symbol, Rows> rows, Map<Symbol, Place> places) {
    Map<Symbol, Schedule.Start> starts = new HashMap<>();
    Map<Symbol, Integer> slots = new HashMap<>();
    List<Schedule.Family> families = new ArrayList<>();
    for (Draft.Family f : draft.families()) {
      Schedule.Start start = start(f, draft, places);
      f.slots().forEach(e -> starts.put(e.target(), start));
      f.slots().forEach(e -> slots.put(e.target(), f.slots().indexOf(e)));
      families.add(family(f, start, places));
    }
    List<Schedule.Line> lines =
        draft.lines().stream().map(e -> line(e, starts, slots, rows)).toList();
    List<Schedule.Line> ends =
        draft.ends().stream().map(e -> line(e, starts, slots, rows)).toList();
    return new Schedule.Tiles(draft.shape(), families, lines, ends);
  }

  private Schedule.Family family(
      Draft.Family draft, Schedule.Start start, Map<Symbol, Place> places) {
    List<List<Expr>> parts = parts(draft);
    int firstPart = 0;
    Optional<Integer> into =
        draft.direct() ? Optional.of(at(places, first(draft)).buffer()) : Optional.empty();
    Optional<Draft.Family> before = Optional.ofNullable(continued.get(draft));
    if (before.isPresent()) {
      // Next to what it continues: with many sequences the loop multiplies both in one go.
      firstPart = before.get().operands().size();
      parts.addAll(0, parts(before.get()));
    }
    into.map(continuation::get).ifPresent(after -> parts.addAll(parts(after)));
    return new Schedule.Family(
        draft.slots().stream().map(Equation::target).toList(),
        draft.operands(),
        number(new Schedule.Panel(parts)),
        firstPart,
        start,
        into);
  }

  /// The weights of each operand, one per slot.
  private static List<List<Expr>> parts(Draft.Family draft) {
    List<List<Expr>> parts = new ArrayList<>();
    for (int i = 0; i < draft.operands().size(); i++) {
      int operand = i;
      parts.add(draft.slots().stream().map(e -> Reads.products(e).get(operand).a()).toList());
    }
    return parts;
  }

  private static Symbol first(Draft.Family draft) {
    return draft.slots().getFirst().target();
  }

  /// Which sums of the loop continue which that were hoisted out of it; each is continued once at
  /// most in one panel.
  private void findContinued(Staging.Drafts drafts, Map<Symbol, Place> places) {
    continuation.clear();
    continued.clear();
    Map<Integer, Draft.Family> hoisted = new HashMap<>();
    for (Draft.Family family : families(drafts.before())) {
      if (family.direct()) {
        hoisted.put(at(places, first(family)).buffer(), family);
      }
    }
    for (Draft draft : drafts.step()) {
      if (draft instanceof Draft.Tiles tiles) {
        for (Draft.Family family : tiles.families()) {
          hoisted(family, tiles, places)
              .filter(buffer -> hoisted.containsKey(buffer) && !continuation.containsKey(buffer))
              .ifPresent(
                  buffer -> {
                    continuation.put(buffer, family);
                    continued.put(family, hoisted.get(buffer));
                  });
        }
      }
    }
  }

  private static List<Draft.Family> families(List<Draft> drafts) {
    return drafts.stream()
        .filter(Draft.Tiles.class::isInstance)
        .flatMap(draft -> ((Draft.Tiles) draft).families().stream())
        .toList();
  }

  private static Place at(Map<Symbol, Place> places, Symbol symbol) {
    Place place = places.get(symbol);
    if (place == null) {
      throw new IllegalStateException("no place for " + symbol);
    }
    return place;
  }

  /// Sums start from their hoisted part when it lies interleaved as they are, else from their
  /// biases.
  private Schedule.Start start(Draft.Family family, Draft.Tiles stage, Map<Symbol, Place> places) {
    Optional<Integer> hoisted = hoisted(family, stage, places);
    if (hoisted.isPresent()) {
      return new Schedule.FromHoisted(hoisted.get());
    }
    List<List<Expr>> biases =
        family.slots().stream()
            .map(e -> Reads.withoutProducts(e).stream().filter(Reads::isBias).toList())
            .toList();
    return biases.stream().allMatch(List::isEmpty)
        ? new Schedule.FromZero()
        : new Schedule.FromBias(number(new Schedule.Bias(stage.shape().side(), biases)));
  }

  private Optional<Integer> hoisted(
      Draft.Family family, Draft.Tiles stage, Map<Symbol, Place> places) {
    for (BufferPlan buffer : buffers) {
      List<Symbol> symbols = buffer.symbols();
      boolean continues =
          symbols.size() == family.slots().size()
              && buffer.shape().equals(stage.shape())
              && stage.lines().stream().noneMatch(e -> symbols.contains(e.target()));
      for (int slot = 0; continues && slot < symbols.size(); slot++) {
        Symbol symbol = symbols.get(slot);
        continues =
            buffer.training() == Rows.SEQUENCE
                && Reads.withoutProducts(family.slots().get(slot)).stream()
                    .anyMatch(term -> isNow(term, symbol));
      }
      if (continues
          && places.containsKey(symbols.getFirst())
          && at(places, symbols.getFirst()).buffer() == buffers.indexOf(buffer)) {
        return Optional.of(buffers.indexOf(buffer));
      }
    }
    return Optional.empty();
  }

  private static boolean isNow(Expr term, Symbol symbol) {
    return term instanceof Expr.Value(Symbol s, int delay, Shape shape)
        && shape instanceof Shape.Vector
        && delay == 0
        && s.equals(symbol);
  }

  private Schedule.Line line(
      Equation e,
      Map<Symbol, Schedule.Start> starts,
      Map<Symbol, Integer> slots,
      Map<Symbol, Rows> rows) {
    boolean stored = rows.getOrDefault(e.target(), Rows.NONE) != Rows.NONE;
    Schedule.Start start = starts.get(e.target());
    if (start == null) {
      coefficients(e.value());
      return new Schedule.Line(e, false, List.of(), stored);
    }
    List<Expr> rest = new ArrayList<>(Reads.withoutProducts(e));
    switch (start) {
      case Schedule.FromZero() -> {}
      case Schedule.FromBias(int _) -> rest.removeIf(Reads::isBias);
      // Once: what the family starts from; the same term may be there again.
      case Schedule.FromHoisted(int buffer) -> rest.remove(startTerm(e, buffer, slots));
    }
    rest.forEach(this::coefficients);
    return new Schedule.Line(e, true, rest, stored);
  }

  /// The term of a sum that lies in the slot of the buffer which the sum's family starts from.
  private Expr startTerm(Equation e, int buffer, Map<Symbol, Integer> slots) {
    Symbol symbol = buffers.get(buffer).symbols().get(slots.getOrDefault(e.target(), 0));
    return Reads.withoutProducts(e).stream()
        .filter(term -> isNow(term, symbol))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no start for " + e.target()));
  }

  /// Numbers the parameters that elementwise code reads.
  private void coefficients(Expr e) {
    if (Flatten.isCoefficient(e)) {
      number(new Schedule.Coefficient(e));
    } else {
      Reads.children(e).forEach(this::coefficients);
    }
  }

  private int number(Schedule.Packed piece) {
    Integer known = packed.putIfAbsent(piece, packed.size());
    return known == null ? packed.size() - 1 : known;
  }
}
