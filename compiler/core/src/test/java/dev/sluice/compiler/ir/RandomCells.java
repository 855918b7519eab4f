package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;

/// Well-typed cells from a seed, as binding would give them: not canonical, equations sorted,
/// numerically tame.
///
/// One to three states of one or two lengths, one or two inputs, gates from random affine products,
/// block form, elementwise operations of every kind with bounded arguments. Show
/// [IrPrinter#print(Cell)] when a test fails.
public final class RandomCells {
  /// What a test can leave out.
  public enum Feature {
    /// `h_{t-2}`, and inputs of earlier steps.
    DEEP_DELAYS,
    /// Scalar parameters, inputs, gates, and sums over vectors.
    SCALARS,
    SCALAR_STATES,
    /// `(g_t; i_t) = (tanh; σ)(V x_t + …)`, slices of weights and of values.
    BLOCKS,
    CONCATENATION,
    /// relu, abs, max, min, sign, step, comparisons.
    KINKS,
    STEP_NUMBER,
    /// Layer norms, softmax, running sums, means, lengths.
    ROWS,
    /// States that start from something else than 0.
    INITIAL_VALUES,
    /// `C_t = f C_{t-1} + k vᵀ`.
    MATRIX_STATES,
    /// `e_t = tanh(E x_t + E2 x_{t-1})`, which later steps read.
    INPUT_STATES,
    /// `a = exp(w)`, `(S - S^T) h_{t-1}`, slices of a weight that is read whole too.
    COMPUTED_WEIGHTS
  }

  public static final Set<Feature> USUAL = Set.copyOf(EnumSet.allOf(Feature.class));

  private static final Dim N = Dim.of("n");
  private static final Dim M = Dim.of("m");
  private static final Dim K = Dim.of("k");

  private final Random random;
  private final Set<Feature> features;
  private final RandomExpressions expressions;
  private final List<Cell.Input> inputs = new ArrayList<>();
  private final List<Cell.State> states = new ArrayList<>();
  private final List<Equation> equations = new ArrayList<>();
  private final RandomScope scope;
  private Optional<Cell.State> matrix = Optional.empty();
  private final Random inputRandom;
  private Optional<Cell.State> ofInputs = Optional.empty();
  private final Random weightRandom;

  /// Gates that must be read.
  private final List<Symbol> ofWeights = new ArrayList<>();

  private RandomCells(long seed, Set<Feature> features) {
    this.random = new Random(seed);
    this.inputRandom = new Random(~seed);
    this.weightRandom = new Random(31 * seed + 7);
    this.features = features;
    this.scope = new RandomScope(random, features);
    this.expressions = new RandomExpressions(random, features, scope);
  }

  public static Cell cell(long seed) {
    return cell(seed, USUAL);
  }

  public static Cell cell(long seed, Set<Feature> features) {
    return new RandomCells(seed, features).build("random" + seed);
  }

  /// Small sizes for every dimension, 1 among them.
  public static Map<String, Integer> sizes(Cell cell, long seed) {
    Random random = new Random(seed);
    Map<String, Integer> sizes = new LinkedHashMap<>();
    cell.dimensions().keySet().forEach(name -> sizes.put(name, 1 + random.nextInt(4)));
    return sizes;
  }

  private Cell build(String name) {
    declare();
    if (features.contains(Feature.INPUT_STATES) && inputRandom.nextInt(4) == 0) {
      inputState();
    }
    if (features.contains(Feature.COMPUTED_WEIGHTS) && weightRandom.nextInt(3) == 0) {
      weights();
    }
    int gates = 1 + random.nextInt(4);
    for (int i = 0; i < gates; i++) {
      gate(i);
    }
    if (features.contains(Feature.BLOCKS) && random.nextBoolean()) {
      block();
    }
    if (features.contains(Feature.MATRIX_STATES) && random.nextBoolean()) {
      matrixState();
    }
    states.forEach(this::state);
    readWhatIsUnread();
    Symbol output = states.getFirst().symbol();
    return new Cell(name, inputs, allStates(), scope.parameters(), equations, output, dimensions());
  }

  private void declare() {
    input(new Cell.Input(Symbol.of("x"), Shape.vector(M)));
    if (random.nextInt(3) == 0) {
      boolean scalar = features.contains(Feature.SCALARS) && random.nextBoolean();
      input(
          new Cell.Input(
              Symbol.of("s"), scalar ? Shape.SCALAR : Shape.vector(random.nextBoolean() ? M : N)));
    }
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      Shape shape = Shape.vector(i == 0 || random.nextInt(3) > 0 ? N : K);
      if (i > 0 && features.contains(Feature.SCALAR_STATES) && random.nextInt(4) == 0) {
        shape = Shape.SCALAR;
      }
      boolean shifted = features.contains(Feature.INITIAL_VALUES) && random.nextInt(4) == 0;
      Cell.State state =
          new Cell.State(Symbol.of(List.of("h", "c", "q").get(i)), shape, shifted ? 0.5 : 0);
      states.add(state);
      scope.addState(state);
    }
  }

  private void input(Cell.Input input) {
    inputs.add(input);
    scope.addInput(input);
  }

  private void gate(int i) {
    Symbol target = Symbol.of(List.of("f", "i", "o", "u").get(i));
    if (features.contains(Feature.SCALARS) && random.nextInt(5) == 0) {
      define(target, expressions.bounded(Shape.SCALAR, 2));
    } else {
      Dim length = scope.lengths().get(random.nextInt(scope.lengths().size()));
      Expr affine = expressions.affine(length);
      define(
          target,
          random.nextInt(3) == 0
              ? expressions.combined(affine)
              : new Unary(expressions.squashing(), affine));
    }
  }

  /// Two or three gates from the rows of one weight, either of a stacked sum or of the weights'
  /// rows.
  private void block() {
    int count = 2 + random.nextInt(2);
    Cell.State state = states.getFirst();
    Expr previous = new Expr.Value(state.symbol(), 1, state.shape());
    Expr x = scope.now(Symbol.of("x"));
    Expr.Parameter v = scope.parameter("V", Shape.matrix(N.times(count), M));
    Expr.Parameter w = scope.parameter("W", Shape.matrix(N.times(count), N));
    Expr.Parameter b = scope.parameter("b", Shape.vector(N.times(count)));
    Expr stacked = new Expr.Sum(List.of(new MatMul(v, x), new MatMul(w, previous), b));
    boolean named = random.nextBoolean();
    if (named) {
      define(Symbol.of("z"), stacked);
    }
    for (int i = 0; i < count; i++) {
      Expr z = named ? rows(scope.now(Symbol.of("z")), i) : rows(stacked, i);
      Expr sliced =
          new Expr.Sum(
              List.of(new MatMul(rows(v, i), x), new MatMul(rows(w, i), previous), rows(b, i)));
      define(
          Symbol.of("g" + i),
          new Unary(expressions.squashing(), random.nextBoolean() ? z : sliced));
    }
  }

  /// A state without recurrence, of this step's input and perhaps of the last's.
  private void inputState() {
    Cell.State state =
        new Cell.State(Symbol.of("e"), Shape.vector(N), inputRandom.nextBoolean() ? 0.5 : 0);
    List<Expr> terms = new ArrayList<>();
    for (int delay = 0; delay <= inputRandom.nextInt(3); delay++) {
      Expr.Value x = new Expr.Value(Symbol.of("x"), delay, Shape.vector(M));
      terms.add(new MatMul(scope.parameter("E", Shape.matrix(N, M)), x));
    }
    define(state.symbol(), new Unary(UnaryOp.TANH, new Expr.Sum(terms)));
    ofInputs = Optional.of(state);
    scope.addState(state);
  }

  /// Gates of what parameters alone decide.
  private void weights() {
    RandomWeights weights = new RandomWeights(weightRandom, scope);
    Cell.State state = states.getFirst();
    Expr previous = new Expr.Value(state.symbol(), 1, state.shape());
    weight("a", weights.vector(N));
    weight("v", new Binary(BinaryOp.MULTIPLY, scope.now(Symbol.of("a")), previous));
    weight("l", weights.products(N, previous, scope.now(Symbol.of("v"))));
    if (weightRandom.nextBoolean()) {
      weight("d", weights.slices(N, previous, scope.now(Symbol.of("l"))));
    }
    if (weightRandom.nextBoolean()) {
      weight("k", weights.ofStack(previous));
    }
  }

  private void weight(String name, Expr value) {
    define(Symbol.of(name), value);
    ofWeights.add(Symbol.of(name));
  }

  private static Expr rows(Expr x, int block) {
    return new Slice(x, Expr.Axis.ROWS, N.times(block), N);
  }

  /// `M_t = f · M_{t-1} + k vᵀ`, where f scales all, rows or columns, read as `M_t v`, `M_{t-1}ᵀ
  /// u`.
  private void matrixState() {
    Shape shape = Shape.matrix(N, M);
    Cell.State state = new Cell.State(Symbol.of("M"), shape, 0);
    matrix = Optional.of(state);
    Expr previous = new Expr.Value(state.symbol(), 1, shape);
    Expr now = new Expr.Value(state.symbol(), 0, shape);
    Expr written =
        new Expr.Outer(
            expressions.bounded(Shape.vector(N), 1), expressions.bounded(Shape.vector(M), 1));
    define(state.symbol(), new Expr.Sum(List.of(kept(previous), written)));
    Expr read = random.nextBoolean() ? now : new Unary(UnaryOp.TANH, now);
    Expr key;
    if (random.nextBoolean()) {
      Expr transposed = new Expr.Transpose(random.nextBoolean() ? previous : read);
      Expr vector = expressions.bounded(Shape.vector(N), 1);
      key = new Unary(UnaryOp.TANH, mean(transposed, vector, N));
    } else {
      key = expressions.bounded(Shape.vector(M), 1);
    }
    define(Symbol.of("r"), new Unary(UnaryOp.TANH, mean(read, key, M)));
  }

  /// A product that stays within bounds at any length.
  private static Expr mean(Expr matrix, Expr vector, Dim length) {
    return new Binary(BinaryOp.DIVIDE, new MatMul(matrix, vector), new Expr.Length(length));
  }

  private Expr kept(Expr previous) {
    return switch (random.nextInt(4)) {
      case 0 -> {
        Expr rows = new Unary(UnaryOp.SIGMOID, expressions.bounded(Shape.vector(N), 1));
        yield new Binary(BinaryOp.MULTIPLY, new Expr.Spread(rows, Expr.Axis.ROWS, M), previous);
      }
      case 1 -> {
        Expr columns = new Unary(UnaryOp.SIGMOID, expressions.bounded(Shape.vector(M), 1));
        yield new Binary(
            BinaryOp.MULTIPLY, previous, new Expr.Spread(columns, Expr.Axis.COLUMNS, N));
      }
      case 2 -> {
        Expr weight = scope.parameter("A", Shape.matrix(N, M));
        yield new Binary(BinaryOp.MULTIPLY, new Unary(UnaryOp.TANH, weight), previous);
      }
      default -> {
        Expr all = new Unary(UnaryOp.SIGMOID, expressions.bounded(Shape.SCALAR, 1));
        yield new Binary(BinaryOp.MULTIPLY, all, previous);
      }
    };
  }

  private List<Cell.State> allStates() {
    List<Cell.State> all = new ArrayList<>(states);
    matrix.ifPresent(all::add);
    ofInputs.ifPresent(all::add);
    return all;
  }

  /// `h_t = u ∘ h_{t-1} + (1 − u) ∘ e`, `h_t = tanh(…)`, `h_t = h_{t-1} + e`
  private void state(Cell.State state) {
    Expr previous = new Expr.Value(state.symbol(), 1, state.shape());
    Expr fresh = expressions.bounded(state.shape(), 3);
    Expr value =
        switch (random.nextInt(4)) {
          case 0 -> expressions.mixed(expressions.bounded(state.shape(), 1), previous, fresh);
          case 1 ->
              new Expr.Sum(
                  List.of(new Binary(BinaryOp.MULTIPLY, new Expr.Literal(0.5), previous), fresh));
          case 2 -> new Binary(BinaryOp.ADD, expressions.gated(previous), fresh);
          default -> new Unary(UnaryOp.TANH, new Binary(BinaryOp.SUBTRACT, fresh, previous));
        };
    define(state.symbol(), value);
  }

  /// An input that no equation reads would not be there: the last equation takes in what was left
  /// out.
  private void readWhatIsUnread() {
    Set<Symbol> unread = new LinkedHashSet<>();
    inputs.forEach(i -> unread.add(i.symbol()));
    ofInputs.ifPresent(state -> unread.add(state.symbol()));
    unread.addAll(ofWeights);
    unread.removeAll(scope.read());
    for (Symbol symbol : unread) {
      Equation last = equations.removeLast();
      Expr x = scope.now(symbol);
      Expr number = x.shape() instanceof Shape.Scalar ? x : new Expr.Reduce(Expr.ReduceOp.SUM, x);
      Expr scaled =
          new Binary(BinaryOp.MULTIPLY, new Expr.Literal(0.25), new Unary(UnaryOp.TANH, number));
      equations.add(
          new Equation(
              last.target(), new Binary(BinaryOp.ADD, last.value(), scaled), last.origin()));
    }
  }

  private void define(Symbol target, Expr value) {
    Equation equation = new Equation(target, value, Origin.NONE);
    equations.add(equation);
    scope.define(equation);
  }

  private SequencedMap<String, List<Symbol>> dimensions() {
    SequencedMap<String, List<Symbol>> dimensions = new LinkedHashMap<>();
    for (Dim dim : List.of(N, M, K)) {
      Set<Symbol> vectors = new LinkedHashSet<>();
      inputs.stream()
          .filter(i -> i.shape().equals(Shape.vector(dim)))
          .forEach(i -> vectors.add(i.symbol()));
      equations.stream()
          .filter(e -> e.shape().equals(Shape.vector(dim)))
          .forEach(e -> vectors.add(e.target()));
      if (!vectors.isEmpty()) {
        dimensions.put(dim.toString(), List.copyOf(vectors));
      }
    }
    return dimensions;
  }
}
