package dev.sluice.compiler.ir;

import dev.sluice.runtime.Sizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// A recurrent cell: what one step computes. Equations are sorted by dependence.
///
/// After `canon` every equation is a single operation on named values ([Equation] right sides are
/// *flat*):
/// - a [Expr.Sum] whose terms are `MatMul(weight, Value)`, parameters, values, literals or
///   constants; or
/// - one elementwise operation, [Expr.Reduce] or [Expr.Total] whose operands are atoms: literal,
///   constant, step number, parameter (or a slice of one), value, or in matrices an [Expr.Spread]
///   of one; or
/// - an [Expr.Slice], [Expr.Concat] or [Expr.Running] of values;
///
/// where *weight* is a parameter, rows and then columns sliced, and then possibly transposed.
/// Products occur in sums only; values have delay 0, or 1 for states.
///
/// @param name of the file, for classes and messages: `lstm`
/// @param inputs timed and never defined
/// @param states defined and read at an earlier time
/// @param parameters without time, in order of first use
/// @param equations one per gate, state and temporary
/// @param output whose value the cell gives to the next layer
/// @param masks random values in training: dropout, zoneout
/// @param dimensions names of the dimensions (`n`, `m`), each with the vectors that have it, in
///     order of appearance
/// @param weights what computes weights from parameters once per update: a cell without inputs that
///     has the same parameters and dimensions, and whose states, after its one step, this cell
///     reads like parameters
public record Cell(
    String name,
    List<Input> inputs,
    List<State> states,
    List<Parameter> parameters,
    List<Mask> masks,
    List<Equation> equations,
    Symbol output,
    SequencedMap<String, List<Symbol>> dimensions,
    Optional<Cell> weights) {

  public Cell {
    inputs = List.copyOf(inputs);
    states = List.copyOf(states);
    parameters = List.copyOf(parameters);
    masks = List.copyOf(masks);
    equations = List.copyOf(equations);
    dimensions = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(dimensions));
  }

  /// A cell without computed weights.
  public Cell(
      String name,
      List<Input> inputs,
      List<State> states,
      List<Parameter> parameters,
      List<Mask> masks,
      List<Equation> equations,
      Symbol output,
      SequencedMap<String, List<Symbol>> dimensions) {
    this(name, inputs, states, parameters, masks, equations, output, dimensions, Optional.empty());
  }

  /// A cell without masks and computed weights.
  public Cell(
      String name,
      List<Input> inputs,
      List<State> states,
      List<Parameter> parameters,
      List<Equation> equations,
      Symbol output,
      SequencedMap<String, List<Symbol>> dimensions) {
    this(name, inputs, states, parameters, List.of(), equations, output, dimensions);
  }

  /// The same cell with other equations.
  public Cell withEquations(List<Equation> equations) {
    return new Cell(
        name, inputs, states, parameters, masks, equations, output, dimensions, weights);
  }

  /// The same cell with other states and equations.
  public Cell with(List<State> states, List<Equation> equations) {
    return new Cell(
        name, inputs, states, parameters, masks, equations, output, dimensions, weights);
  }

  /// The same cell with computed weights.
  public Cell withWeights(Optional<Cell> weights) {
    return new Cell(
        name, inputs, states, parameters, masks, equations, output, dimensions, weights);
  }

  /// All that equations read as parameters: the parameters, then the computed weights.
  public List<Expr.Parameter> coefficients() {
    return Stream.concat(
            parameters.stream().map(Parameter::expr),
            computed().stream().map(s -> new Expr.Parameter(s.symbol(), s.shape())))
        .toList();
  }

  /// The weights that are computed once per update.
  public List<State> computed() {
    return weights.map(Cell::states).orElse(List.of());
  }

  /// A random mask, read as a value of this step. In training each unit is `scale` with the
  /// probability, else 0, as [dev.sluice.runtime.spi.Masks] says; in inference all are what they
  /// are on average.
  ///
  /// @param shape of what it masks; the units of a matrix are counted row by row
  /// @param everyStep whether it is drawn anew at every step, else once for a sequence
  public record Mask(
      Symbol symbol, Shape shape, double probability, double scale, boolean everyStep) {
    public double mean() {
      return probability * scale;
    }
  }

  /// An input, given at every step.
  public record Input(Symbol symbol, Shape shape) {}

  /// A state. `initial` is what it starts from unless the caller says otherwise.
  ///
  /// @param startsAs the state whose initial value it takes when the caller gives none: itself, but
  ///     for states that hand another state on to later steps (`h_lag1_t = h_{t-1}`)
  public record State(Symbol symbol, Shape shape, double initial, Symbol startsAs) {
    public State(Symbol symbol, Shape shape, double initial) {
      this(symbol, shape, initial, symbol);
    }
  }

  /// A trained value, or one that is given and kept.
  ///
  /// @param frozen whether it has no gradient
  public record Parameter(Symbol symbol, Shape shape, Initialiser initialiser, boolean frozen) {
    public Parameter(Symbol symbol, Shape shape, Initialiser initialiser) {
      this(symbol, shape, initialiser, false);
    }

    public Expr.Parameter expr() {
      return new Expr.Parameter(symbol, shape);
    }
  }

  public Optional<Equation> equation(Symbol target) {
    return equations.stream().filter(e -> e.target().equals(target)).findFirst();
  }

  public Optional<State> state(Symbol symbol) {
    return states.stream().filter(s -> s.symbol().equals(symbol)).findFirst();
  }

  public Shape outputShape() {
    return equation(output).orElseThrow().shape();
  }

  /// Names of vectors by dimension: those that have its length, and `h/4` for an input, a state or
  /// the output that is four times as long.
  public SequencedMap<String, List<String>> lengths() {
    SequencedMap<String, List<String>> names = new LinkedHashMap<>();
    dimensions.forEach(
        (name, symbols) ->
            names.put(name, new ArrayList<>(symbols.stream().map(Symbol::plain).toList())));
    inputs.forEach(i -> addMultiple(i.symbol(), i.shape(), names));
    states.forEach(s -> addMultiple(s.symbol(), s.shape(), names));
    addMultiple(output, outputShape(), names);
    return names;
  }

  private static void addMultiple(
      Symbol symbol, Shape shape, SequencedMap<String, List<String>> names) {
    if (shape instanceof Shape.Vector(Dim length)
        && length.constant() == 0
        && length.terms().size() == 1
        && length.terms().firstEntry().getValue() > 1) {
      String name = symbol.plain() + "/" + length.terms().firstEntry().getValue();
      List<String> known = names.get(length.terms().firstKey());
      if (known != null && !known.contains(name)) {
        known.add(name);
      }
    }
  }

  /// Sizes by dimension from sizes by variable or dimension name: `x=4, h=5` gives `m=4, n=5`.
  ///
  /// @throws IllegalArgumentException in a user's words when a size is missing, unknown,
  ///     contradictory or not positive
  public Map<String, Integer> sizes(Map<String, Integer> byName) {
    return new Sizes(new LinkedHashMap<>(byName)).resolve(name, lengths());
  }
}
