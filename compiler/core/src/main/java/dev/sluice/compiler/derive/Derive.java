package dev.sluice.compiler.derive;

import dev.sluice.compiler.derive.Derivatives.Part;
import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Adjoint.Accumulation;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Outer;
import dev.sluice.compiler.ir.Expr.Parameter;
import dev.sluice.compiler.ir.Expr.Reduce;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Total;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.FlatForm;
import dev.sluice.compiler.ir.flat.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// The backward pass of a cell, as equations: reverse mode at compile time.
///
/// Equations are walked from the last to the first. Each target's gradient is the sum of what its
/// uses have put on the [Tape], of ∂L/∂output if it is the output, and of what comes from the next
/// step if it is a state; the table of [Derivatives] then puts its share on each operand's.
public final class Derive {
  private final Cell cell;
  private final Names names;
  private final Frozen frozen;
  private final Tape tape = new Tape();
  private final Symbol outputGradient;
  private final SequencedMap<Symbol, Symbol> carries = new LinkedHashMap<>();
  private final SequencedMap<Symbol, Symbol> inputGradients = new LinkedHashMap<>();
  private final List<Equation> equations = new ArrayList<>();
  private final List<Accumulation> accumulations = new ArrayList<>();

  private Derive(Cell cell) {
    this.cell = cell;
    this.names = Names.of(cell);
    this.frozen = Frozen.of(cell);
    this.outputGradient = names.fresh("d_output", "∂L/∂output");
    for (Cell.State state : cell.states()) {
      Value before = new Value(state.symbol(), 1, state.shape());
      String display = "∂L/∂" + operand(Notation.expression(before)) + "|_t";
      carries.put(state.symbol(), names.fresh("d_" + state.symbol().plain() + "_prev", display));
    }
  }

  /// One backward step of a canonical cell, in flat form. Gradients that are 0 for every input are
  /// left out, but for the carries: a state whose earlier value does not matter has [Maths#zeros]
  /// there.
  ///
  /// @throws IllegalArgumentException if the cell is not in flat form
  public static Adjoint reverse(Cell canonical) {
    for (Equation equation : canonical.equations()) {
      if (!FlatForm.isFlat(equation)) {
        throw new IllegalArgumentException("not in flat form: " + Notation.equation(equation));
      }
    }
    return Tidy.tidy(new Derive(canonical).adjoint());
  }

  private Adjoint adjoint() {
    cell.equations().reversed().forEach(this::through);
    cell.inputs().forEach(this::toInput);
    Map<Symbol, Origin> origins = new HashMap<>();
    cell.equations().forEach(equation -> origins.put(equation.target(), equation.origin()));
    for (Cell.State state : cell.states()) {
      toStepBefore(state, origins.getOrDefault(state.symbol(), Origin.NONE));
    }
    return new Adjoint(
        cell,
        outputGradient,
        carries,
        equations,
        inputGradients,
        accumulations,
        cell.weights().map(Derive::reverse));
  }

  private void toInput(Cell.Input input) {
    List<Expr> terms = tape.gradient(new Value(input.symbol(), 0, input.shape()));
    if (!terms.isEmpty()) {
      Symbol gradient = gradientName(input.symbol());
      inputGradients.put(input.symbol(), gradient);
      equations.add(new Equation(gradient, sum(terms), Origin.NONE));
    }
  }

  private void toStepBefore(Cell.State state, Origin origin) {
    Value before = new Value(state.symbol(), 1, state.shape());
    List<Expr> terms = tape.gradient(before);
    Symbol carry = Objects.requireNonNull(carries.get(state.symbol()));
    equations.add(new Equation(carry, terms.isEmpty() ? Maths.zeros(before) : sum(terms), origin));
  }

  /// From the gradient of one equation's target to those of its operands.
  private void through(Equation equation) {
    Value y = equation.now();
    List<Expr> terms = new ArrayList<>();
    if (equation.target().equals(cell.output())) {
      terms.add(new Value(outputGradient, 0, y.shape()));
    }
    Symbol carry = carries.get(equation.target());
    if (carry != null) {
      terms.add(new Value(carry, -1, y.shape()));
    }
    terms.addAll(tape.gradient(y));
    if (terms.isEmpty()) {
      return;
    }
    Expr dy = sum(terms);
    List<Part> parts = Derivatives.of(equation.value(), y, dy);
    boolean once = parts.stream().filter(part -> !isConstant(part.operand())).count() == 1;
    boolean inline = isValue(dy) || once && isFormula(equation.target());
    if (!inline) {
      Equation gradient = new Equation(gradientName(equation.target()), dy, equation.origin());
      equations.add(gradient);
      parts = Derivatives.of(equation.value(), y, gradient.now());
    }
    parts.forEach(part -> add(part, equation.origin()));
  }

  /// Whether a gradient has a name already that can be read anywhere in this step.
  private static boolean isValue(Expr gradient) {
    return gradient instanceof Value value && value.delay() == 0;
  }

  private static boolean isConstant(Expr operand) {
    return operand instanceof Expr.Literal
        || operand instanceof Expr.Constant
        || operand instanceof Expr.StepNumber
        || operand instanceof Expr.Length;
  }

  /// Whether a value is a piece that is called by its content, `1 − u_t`. Its gradient needs no
  /// name when it is read once: ∂L/∂u_t gets −∂L/∂h_t ∘ g_t.
  private static boolean isFormula(Symbol symbol) {
    return symbol.display().matches(".*[ (−].*");
  }

  private static Expr sum(List<Expr> terms) {
    return terms.size() == 1 ? terms.getFirst() : new Sum(terms);
  }

  private void add(Part part, Origin origin) {
    switch (part.operand()) {
      case Value value -> tape.add(value, part);
      case Slice(Value value, var _, var _, var _) -> tape.add(value, part);
      case Expr.Spread(Expr x, Expr.Axis axis, var _) ->
          add(new Part(x, new Total(axis, part.gradient())), origin);
      case Parameter _, Slice _ -> accumulate(part, origin);
      case Transpose(Expr weight) when part.gradient() instanceof Outer(Expr a, Expr b) ->
          accumulate(new Part(weight, new Outer(b, a)), origin);
      case Transpose _ -> accumulate(part, origin);
      case Expr.Literal _, Expr.Constant _, Expr.StepNumber _, Expr.Length _ -> {}
      case Expr.Unary _, Expr.Binary _, Expr.Select _, Expr.Sum _, Expr.MatMul _ ->
          throw notAnOperand(part);
      case Outer _, Expr.Concat _, Reduce _, Expr.Running _, Total _ -> throw notAnOperand(part);
    }
  }

  private static IllegalStateException notAnOperand(Part part) {
    return new IllegalStateException("not an operand of a flat equation: " + part.operand());
  }

  private void accumulate(Part part, Origin origin) {
    if (frozen.contains(whole(part.operand()).symbol())) {
      return;
    }
    Expr contribution =
        switch (part.operand().shape()) {
          case Shape.Matrix _ when part.gradient() instanceof Outer -> part.gradient();
          case Shape.Matrix _ -> named(part.gradient(), part.operand(), origin);
          case Shape.Vector _ -> named(Tape.fitted(part), part.operand(), origin);
          case Shape.Scalar _ when part.gradient().shape() instanceof Shape.Scalar ->
              named(part.gradient(), part.operand(), origin);
          case Shape.Scalar _ when part.gradient().shape() instanceof Shape.Matrix ->
              named(Tape.fitted(part), part.operand(), origin);
          case Shape.Scalar _ ->
              new Reduce(Expr.ReduceOp.SUM, named(part.gradient(), part.operand(), origin));
        };
    accumulations.add(new Accumulation(part.operand(), contribution));
  }

  /// What one step adds to a parameter's gradient, as a value: `d_b_f`.
  private Value named(Expr gradient, Expr parameter, Origin origin) {
    if (gradient instanceof Value value) {
      return value;
    }
    Symbol name = gradientName(whole(parameter).symbol());
    Equation equation = new Equation(name, gradient, origin);
    equations.add(equation);
    return equation.now();
  }

  private static Parameter whole(Expr parameter) {
    return switch (parameter) {
      case Parameter whole -> whole;
      case Slice(Expr x, var _, var _, var _) -> whole(x);
      case Transpose(Expr x) -> whole(x);
      default -> throw new IllegalStateException("not a part of a parameter: " + parameter);
    };
  }

  private Symbol gradientName(Symbol symbol) {
    return names.fresh("d_" + symbol.plain(), "∂L/∂" + operand(symbol.display()));
  }

  private static String operand(String display) {
    boolean closed = display.matches("[^ ]*\\([^()]*\\)") || !display.contains(" ");
    return closed ? display : "(" + display + ")";
  }
}
