package dev.sluice.compiler.ir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Reads what [IrPrinter] prints: for tests and for tools that take a dumped stage.
///
/// Blank lines and lines that start with `#` are skipped. A declared name may be followed by its
/// display name in quotes, `c_tilde "c̃": [n] = …`; without it the two are alike. Origins are
/// [Origin#NONE].
public final class IrParser {
  private final Map<String, Expr> names = new HashMap<>();
  private final Map<String, Symbol> symbols = new HashMap<>();
  private final List<Symbol> targets = new ArrayList<>();
  private final List<IrTokens> equationLines = new ArrayList<>();

  private IrParser() {}

  /// @throws IllegalArgumentException with the line when the text is not of that form
  public static Cell cell(String text) {
    IrParser parser = new IrParser();
    Optional<Cell> weights = weights(text).map(IrParser::cell);
    weights
        .map(Cell::states)
        .orElse(List.of())
        .forEach(s -> parser.define(s.symbol(), new Expr.Parameter(s.symbol(), s.shape())));
    return parser.readCell(withoutWeights(text)).withWeights(weights);
  }

  /// @param cell the forward cell that the text belongs to
  /// @throws IllegalArgumentException with the line when the text is not of that form
  public static Adjoint adjoint(Cell cell, String text) {
    Adjoint steps = new IrParser().readAdjoint(cell, withoutWeights(text));
    Optional<Adjoint> weights = weights(text).map(t -> adjoint(cell.weights().orElseThrow(), t));
    return new Adjoint(
        cell,
        steps.outputGradient(),
        steps.carries(),
        steps.equations(),
        steps.inputGradients(),
        steps.accumulations(),
        weights);
  }

  private static Optional<String> weights(String text) {
    int at = text.indexOf(IrPrinter.WEIGHTS);
    return at < 0 ? Optional.empty() : Optional.of(text.substring(at + IrPrinter.WEIGHTS.length()));
  }

  private static String withoutWeights(String text) {
    int at = text.indexOf(IrPrinter.WEIGHTS);
    return at < 0 ? text : text.substring(0, at);
  }

  private Cell readCell(String text) {
    String name = "cell";
    SequencedMap<String, List<String>> dimensions = new LinkedHashMap<>();
    List<Cell.Input> inputs = new ArrayList<>();
    List<Cell.State> states = new ArrayList<>();
    List<Cell.Parameter> parameters = new ArrayList<>();
    List<Cell.Mask> masks = new ArrayList<>();
    String output = "";
    for (IrTokens line : lines(text)) {
      if (isEquation(line)) {
        declare(line);
        continue;
      }
      switch (line.name()) {
        case "cell" -> name = line.rest();
        case "dim" -> dimension(line, dimensions);
        case "input" -> inputs.add(input(line));
        case "state" -> states.add(state(line));
        case "param" -> parameters.add(parameter(line));
        case "mask" -> masks.add(mask(line));
        case "output" -> output = line.name();
        default -> throw line.error("neither an equation nor a declaration");
      }
      line.expectEnd();
    }
    SequencedMap<String, List<Symbol>> vectors = new LinkedHashMap<>();
    dimensions.forEach(
        (dimension, of) -> vectors.put(dimension, of.stream().map(this::symbol).toList()));
    return new Cell(name, inputs, states, parameters, masks, equations(), symbol(output), vectors);
  }

  private Adjoint readAdjoint(Cell cell, String text) {
    cell.coefficients().forEach(p -> define(p.symbol(), p));
    cell.inputs().forEach(i -> defineValue(i.symbol(), i.shape()));
    cell.masks().forEach(m -> defineValue(m.symbol(), m.shape()));
    cell.equations().forEach(e -> defineValue(e.target(), e.shape()));
    cell.states().forEach(s -> defineValue(s.symbol(), s.shape()));
    Symbol output = Symbol.of("d_output");
    defineValue(output, cell.outputShape());
    SequencedMap<Symbol, Symbol> carries = new LinkedHashMap<>();
    SequencedMap<Symbol, String> inputGradients = new LinkedHashMap<>();
    List<IrTokens> accumulationLines = new ArrayList<>();
    for (IrTokens line : lines(text)) {
      if (isEquation(line)) {
        declare(line);
        continue;
      }
      switch (line.name()) {
        case "adjoint" -> line.rest();
        case "output_gradient" -> {
          output = declared(line);
          defineValue(output, cell.outputShape());
        }
        case "carry" -> {
          Symbol carry = declared(line);
          Symbol state = of(line);
          defineValue(
              carry,
              cell.state(state).orElseThrow(() -> line.error(state + " is no state")).shape());
          carries.put(state, carry);
        }
        case "input_gradient" -> {
          String gradient = line.name();
          inputGradients.put(of(line), gradient);
        }
        case "accumulate" -> accumulationLines.add(line);
        default -> throw line.error("neither an equation nor a declaration");
      }
    }
    List<Equation> equations = equations();
    SequencedMap<Symbol, Symbol> inputs = new LinkedHashMap<>();
    inputGradients.forEach((input, gradient) -> inputs.put(input, symbol(gradient)));
    return new Adjoint(
        cell,
        output,
        carries,
        equations,
        inputs,
        accumulationLines.stream().map(this::accumulation).toList());
  }

  private static List<IrTokens> lines(String text) {
    List<IrTokens> lines = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank() && !line.strip().startsWith("#")) {
        lines.add(new IrTokens(line, number));
      }
    }
    return lines;
  }

  /// `f: …` or `c_tilde "c̃": …`
  private static boolean isEquation(IrTokens line) {
    return line.peek(1).equals(":") || line.peek(1).startsWith("\"") && line.peek(2).equals(":");
  }

  private static void dimension(IrTokens line, SequencedMap<String, List<String>> dimensions) {
    String name = line.name();
    line.expect("=");
    List<String> vectors = new ArrayList<>();
    while (!line.atEnd()) {
      vectors.add(line.name());
      line.accept(",");
    }
    dimensions.put(name, vectors);
  }

  private Cell.Input input(IrTokens line) {
    Symbol symbol = declared(line);
    Shape shape = shape(line);
    defineValue(symbol, shape);
    return new Cell.Input(symbol, shape);
  }

  private Cell.State state(IrTokens line) {
    Symbol symbol = declared(line);
    Shape shape = shape(line);
    defineValue(symbol, shape);
    double initial = line.accept("=") ? line.real() : 0;
    return new Cell.State(
        symbol, shape, initial, line.accept("as") ? Symbol.of(line.name()) : symbol);
  }

  private Cell.Parameter parameter(IrTokens line) {
    Symbol symbol = declared(line);
    Shape shape = shape(line);
    define(symbol, new Expr.Parameter(symbol, shape));
    Initialiser initialiser = initialiser(line);
    return new Cell.Parameter(symbol, shape, initialiser, line.accept("frozen"));
  }

  private Cell.Mask mask(IrTokens line) {
    Symbol symbol = declared(line);
    Shape shape = shape(line);
    defineValue(symbol, shape);
    line.expect("=");
    double scale = line.real();
    line.expect("with");
    return new Cell.Mask(symbol, shape, line.real(), scale, !line.accept("once"));
  }

  private static Initialiser initialiser(IrTokens line) {
    if (line.atEnd() || line.peek(0).equals("frozen")) {
      return new Initialiser.Default();
    }
    return switch (line.name()) {
      case "default" -> new Initialiser.Default();
      case "constant" -> new Initialiser.Constant(line.real());
      case "orthogonal" -> new Initialiser.Orthogonal();
      case "glorot" -> new Initialiser.Glorot();
      case "uniform" -> new Initialiser.Uniform(line.real());
      case "normal" -> new Initialiser.Normal(line.real());
      case "identity" -> new Initialiser.Identity();
      default -> throw line.error("unknown initialiser");
    };
  }

  private static Shape shape(IrTokens line) {
    line.expect(":");
    return line.shape();
  }

  private Symbol of(IrTokens line) {
    line.expect("of");
    return symbol(line.name());
  }

  /// The left side of an equation; its right side is read when all names are known.
  private void declare(IrTokens line) {
    Symbol symbol = declared(line);
    defineValue(symbol, shape(line));
    targets.add(symbol);
    equationLines.add(line);
  }

  private List<Equation> equations() {
    List<Equation> equations = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      IrTokens line = equationLines.get(i);
      line.expect("=");
      Expr value = expression(line);
      line.expectEnd();
      Symbol target = targets.get(i);
      Shape declared = Named.in(names, target.plain()).shape();
      if (!declared.equals(value.shape())) {
        throw line.error("the right side has shape " + value.shape() + ", not " + declared);
      }
      equations.add(new Equation(target, value, Origin.NONE));
    }
    return equations;
  }

  private Adjoint.Accumulation accumulation(IrTokens line) {
    Expr target = expression(line);
    line.expect("+=");
    Expr contribution = expression(line);
    line.expectEnd();
    return new Adjoint.Accumulation(target, contribution);
  }

  private Expr expression(IrTokens line) {
    return new IrExpressionParser(line, name -> Optional.ofNullable(names.get(name))).expression();
  }

  private Symbol declared(IrTokens line) {
    String plain = line.name();
    String quoted = line.peek(0);
    if (!quoted.startsWith("\"")) {
      return symbol(plain);
    }
    line.take();
    Symbol symbol = new Symbol(plain, quoted.substring(1, quoted.length() - 1));
    symbols.put(plain, symbol);
    return symbol;
  }

  private Symbol symbol(String plain) {
    return symbols.computeIfAbsent(plain, Symbol::of);
  }

  private void defineValue(Symbol symbol, Shape shape) {
    define(symbol, new Expr.Value(symbol, 0, shape));
  }

  private void define(Symbol symbol, Expr e) {
    symbols.putIfAbsent(symbol.plain(), symbol);
    names.put(symbol.plain(), e);
  }
}
