package dev.sluice.compiler.ir;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How a cell runs: what is hoisted over time, which products share a panel, where every value
/// lives.
///
/// @param cell the canonical cell
/// @param adjoint its backward pass, with the recomputed forward values in front of its equations
/// @param buffers arrays of a frame; referred to by index
/// @param packed pieces of the packed weights; referred to by index, those of the forward passes
///     first
/// @param forwardPacked how many of them inference needs
/// @param inference the forward pass that keeps nothing
/// @param training the forward pass that keeps what `backward` reads
/// @param backward back-propagation through time, from the last step to the first
/// @param weights how [Cell#weights] runs
public record Schedule(
    Cell cell,
    Adjoint adjoint,
    List<BufferPlan> buffers,
    List<Packed> packed,
    int forwardPacked,
    Pass inference,
    Pass training,
    Pass backward,
    Optional<Schedule> weights) {

  /// From so many sequences on, hoisted sums join the loop again ([Pass#joinable]): a step's rows
  /// then fill a register tile as well as those of all steps, whose sums need memory. Not by a
  /// thread's share of the sequences, as the sums are rounded otherwise.
  public static final int JOIN_ROWS = 13;

  public Schedule {
    buffers = List.copyOf(buffers);
    packed = List.copyOf(packed);
  }

  public Schedule withWeights(Optional<Schedule> weights) {
    return new Schedule(
        cell, adjoint, buffers, packed, forwardPacked, inference, training, backward, weights);
  }

  public List<Pass> passes() {
    return List.of(inference, training, backward);
  }

  /// How the rows of a buffer relate to steps; as the runtime's `Buffer.Rows`.
  public enum Rows {
    NONE,
    STEP,
    RING,
    SEQUENCE,
    STATE_SEQUENCE
  }

  /// An array of a frame. `slots` values of the same length are interleaved block by block.
  ///
  /// @param name the symbol it holds, or a name of its own
  /// @param symbols what it holds, one per slot
  /// @param shape of each value
  public record BufferPlan(
      String name, List<Symbol> symbols, Shape shape, Rows inference, Rows training) {
    public BufferPlan {
      symbols = List.copyOf(symbols);
    }

    public int slots() {
      return symbols.size();
    }
  }

  /// Where a value is found: a slot of a buffer.
  ///
  /// @param lead its row is that of so many steps later: −1 for gradients that go from step to step
  ///     and are kept for all, which lie at the step where they arrive, as the state they belong to
  public record Place(int buffer, int slots, int slot, int lead) {
    /// Steps from the current one to the row of a value that is read so many steps back.
    public int row(int delay) {
      return lead - delay;
    }
  }

  /// A piece of the packed weights.
  public sealed interface Packed {}

  /// The weights of [Family] products: parts one after another along the inner length, one for each
  /// operand, each of one weight per slot, interleaved. A weight is a parameter, sliced and
  /// transposed as [Cell] says.
  public record Panel(List<List<Expr>> parts) implements Packed {
    public Panel {
      parts = parts.stream().map(List::copyOf).toList();
    }

    /// Weights of one slot.
    public Expr weight(int part, int slot) {
      return parts.get(part).get(slot);
    }
  }

  /// For each slot the sum of parameter vectors, interleaved as the panel's units.
  public record Bias(Dim length, List<List<Expr>> terms) implements Packed {
    public Bias {
      terms = terms.stream().map(List::copyOf).toList();
    }
  }

  /// A parameter that elementwise code reads, or a slice of one; transposed perhaps if it is a
  /// matrix.
  public record Coefficient(Expr parameter) implements Packed {}

  /// One way through time.
  ///
  /// @param before work without recurrence, over all steps at once, before the loop
  /// @param step the work of one step
  /// @param after work that the recurrence doesn't wait for, over all steps at once
  /// @param accumulations gradients of parameters, over all steps at once, last
  /// @param places where values that leave their registers are found, own and foreign
  /// @param uniform scalars that depend on parameters only, computed where they are used, in order
  /// @param parts values before the loop that are parts of one sum of the loop and nothing else
  public record Pass(
      List<Stage> before,
      List<Stage> step,
      List<Stage> after,
      List<Adjoint.Accumulation> accumulations,
      Map<Symbol, Place> places,
      List<Equation> uniform,
      Set<Symbol> parts) {
    public Pass {
      before = List.copyOf(before);
      step = List.copyOf(step);
      after = List.copyOf(after);
      accumulations = List.copyOf(accumulations);
      places = Map.copyOf(places);
      uniform = List.copyOf(uniform);
      parts = Set.copyOf(parts);
    }

    /// Hoisted sums that only products of the loop continue, by buffer. With many sequences they
    /// are summed in the loop instead, next to the products: what a step has just used is nearer
    /// than what was stored for all steps.
    public Map<Integer, Family> joinable() {
      Map<Integer, Family> found = new HashMap<>();
      for (Stage stage : before) {
        if (isJoinable(stage)) {
          ((Tiles) stage).families().forEach(f -> found.put(f.into().orElseThrow(), f));
        }
      }
      return found;
    }

    /// Whether a stage before the loop has nothing but such sums.
    public boolean isJoinable(Stage stage) {
      return stage instanceof Tiles(_, List<Family> families, List<Line> lines, _)
          && lines.isEmpty()
          && families.stream().allMatch(f -> f.into().isPresent() && isContinued(f));
    }

    /// Whether all that continues a sum does so in the same panel.
    private boolean isContinued(Family hoisted) {
      Start start = new FromHoisted(hoisted.into().orElseThrow());
      List<Family> after =
          step.stream()
              .filter(Tiles.class::isInstance)
              .flatMap(stage -> ((Tiles) stage).families().stream())
              .filter(f -> f.start().equals(start))
              .toList();
      return parts.containsAll(hoisted.targets())
          && !after.isEmpty()
          && after.stream().allMatch(f -> f.panel() == hoisted.panel());
    }

    /// Where a value that leaves its register is found.
    public Place place(Symbol symbol) {
      Place place = places.get(symbol);
      if (place == null) {
        throw new IllegalStateException("no place for " + symbol);
      }
      return place;
    }
  }

  /// What runs in one go over all units.
  public sealed interface Stage {}

  /// Products into registers tile by tile, then elementwise work on what they gave: values of one
  /// shape. A matrix is gone through row by row; it has no products.
  ///
  /// @param shape of the values; a vector of length 1 for scalars
  /// @param families products, first
  /// @param lines elementwise work and totals ([Expr.Reduce]), in order
  /// @param ends scalars that follow from the totals, in order, computed where a row ends
  public record Tiles(Shape shape, List<Family> families, List<Line> lines, List<Line> ends)
      implements Stage {
    public Tiles {
      if (shape instanceof Shape.Matrix && !families.isEmpty()) {
        throw new IllegalArgumentException("products into a matrix");
      }
      families = List.copyOf(families);
      lines = List.copyOf(lines);
      ends = List.copyOf(ends);
    }

    /// Units that lie side by side.
    public Dim length() {
      return shape.side();
    }

    public boolean isMatrix() {
      return shape instanceof Shape.Matrix;
    }

    /// The lines that total a row.
    public List<Line> totals() {
      return lines.stream().filter(Line::isTotal).toList();
    }
  }

  /// Work on whole rows: a concatenation, a slice, a running sum. Its result has a buffer of its
  /// own.
  public record RowWork(Equation equation) implements Stage {}

  /// Products with the same operands, interleaved: `slot = init + Σ operand weight · operand`.
  ///
  /// @param targets the equation of each slot, at most four
  /// @param operands values in plain buffers, which are multiplied
  /// @param panel index of the [Panel]
  /// @param firstPart its part for the first operand; the others follow
  /// @param start what the sums start from
  /// @param into buffer that takes the sums directly, or empty: scratch for the lines of the stage
  public record Family(
      List<Symbol> targets,
      List<Expr.Value> operands,
      int panel,
      int firstPart,
      Start start,
      Optional<Integer> into) {
    public Family {
      targets = List.copyOf(targets);
      operands = List.copyOf(operands);
    }

    public int slots() {
      return targets.size();
    }
  }

  public sealed interface Start {}

  public record FromZero() implements Start {}

  /// @param bias index of the [Bias]
  public record FromBias(int bias) implements Start {}

  /// Continues sums that were hoisted out of the loop.
  ///
  /// @param buffer interleaved as the family
  public record FromHoisted(int buffer) implements Start {}

  /// One elementwise equation.
  ///
  /// @param equation what it computes
  /// @param fromFamily whether it is a sum whose products a family of this stage has done: then
  ///     only `rest` is added
  /// @param rest terms that the family doesn't cover; empty unless `fromFamily`
  /// @param stored whether the value is needed outside of this stage, at its place
  public record Line(Equation equation, boolean fromFamily, List<Expr> rest, boolean stored) {
    public Line {
      rest = List.copyOf(rest);
    }

    /// Whether it is a number from a whole row, which elementwise work gathers in passing.
    public boolean isTotal() {
      return equation.value() instanceof Expr.Reduce;
    }

    /// Whether it gathers the rows or columns of a matrix.
    public boolean isMatrixTotal() {
      return equation.value() instanceof Expr.Total;
    }
  }
}
