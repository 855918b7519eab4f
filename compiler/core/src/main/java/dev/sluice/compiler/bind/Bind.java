package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Initialiser;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Syntax tree to cell: what each name is, what each product means, every shape, the order of the
/// equations.
public final class Bind {
  private final Source source;
  private final Findings findings;
  private final Scope scope;
  private final Constants constants;
  private final Map<Symbol, Double> numbers;

  private Bind(Ast.File file, Source source, Map<String, Double> settings, Findings findings) {
    this.source = source;
    this.findings = findings;
    Declarations declared = Declarations.of(file, findings);
    this.constants = new Constants(declared, settings, findings);
    this.numbers = constants.resolve(file);
    this.scope = Scope.of(declared, findings);
  }

  /// Binds one cell.
  ///
  /// A file may have 2,000 defined names, 10,000 statements, 50,000 names, numbers and operations
  /// (counted again where a function of the user's is put in), nested 200 deep, and look back 256
  /// steps.
  ///
  /// @param file the syntax tree
  /// @param source the text that its spans refer to
  /// @param name of the cell: `lstm`
  /// @param settings values of hyperparameters, which override those of the file
  /// @return the cell and notes; or all errors of the file, and notes
  public static Outcome<Cell> cell(
      Ast.File file, Source source, String name, Map<String, Double> settings) {
    Findings findings = new Findings();
    if (!Limits.hold(file, findings)) {
      return Outcome.failed(findings.sorted());
    }
    Optional<Cell> cell = new Bind(file, source, settings, findings).cell(file, name);
    return cell.isEmpty() || findings.failed()
        ? Outcome.failed(findings.sorted())
        : Outcome.of(cell.get(), findings.sorted());
  }

  private Optional<Cell> cell(Ast.File file, String name) {
    Resolver resolver = new Resolver(scope, numbers, findings);
    FreshNames fresh = new FreshNames(scope);
    List<Definition> read = Definitions.of(scope, resolver, fresh, source, findings);
    List<Definition> written = RowVectors.asColumns(scope, read, findings);
    Map<Symbol, Ranks.Rank> ranks = Ranks.of(scope, written);
    List<Definition> definitions = Implicit.solved(written, ranks, findings);
    Roles roles = Roles.of(scope, definitions);
    Optional<Symbol> output = roles.output(findings);
    if (definitions.isEmpty() && !findings.failed()) {
      findings.error(
          "no equation",
          file,
          "A cell needs at least one equation.",
          "For example: h_t = tanh(V x_t + W h_{t-1} + b)");
    }
    List<Definition> sorted = Order.of(scope, definitions, roles, findings);
    Typing typing = new Typing(scope, ranks, findings);
    definitions.forEach(typing::define);
    scope.declared.states.values().forEach(constants::initial);
    Checks checks = new Checks(scope, roles, definitions, typing, findings);
    checks.declarations();
    checks.time();
    output.ifPresent(checks::output);
    DimensionNames names = Shapes.solve(scope, roles, definitions, output, typing, findings);
    checks.inputs();
    if (findings.failed() || output.isEmpty()) {
      return Optional.empty();
    }
    checks.remarks(output.get());
    Denominators.remark(file, scope, source, findings);
    Lowering.Lowered lowered =
        Lowering.cell(sorted, roles.constant, typing, names, fresh, findings);
    return Optional.of(
        new Cell(
            name,
            roles.inputs.stream().map(s -> new Cell.Input(s, names.shape(typing.type(s)))).toList(),
            states(roles, typing, names),
            parameters(roles, names),
            lowered.masks(),
            lowered.equations(),
            output.get(),
            names.dimensions()));
  }

  private List<Cell.State> states(Roles roles, Typing typing, DimensionNames names) {
    List<Cell.State> states = new ArrayList<>();
    for (Symbol s : roles.states) {
      Ast.StateDeclaration declared = scope.declared.states.get(s);
      double initial = declared == null ? 0 : constants.initial(declared);
      states.add(new Cell.State(s, names.shape(typing.type(s)), initial));
    }
    return states;
  }

  private List<Cell.Parameter> parameters(Roles roles, DimensionNames names) {
    List<Cell.Parameter> parameters = new ArrayList<>();
    for (Symbol s : roles.parameters) {
      Ast.InitDeclaration declared = scope.declared.initialisers.get(s);
      Initialiser initialiser =
          declared == null ? new Initialiser.Default() : declared.initialiser();
      boolean frozen = scope.declared.frozen.containsKey(s);
      parameters.add(new Cell.Parameter(s, names.stored(s), initialiser, frozen));
    }
    return parameters;
  }
}
