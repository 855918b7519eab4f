package dev.sluice.compiler.ast;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Problem;
import dev.sluice.compiler.report.Source;
import dev.sluice.compiler.report.Span;
import dev.sluice.grammar.SluiceLexer;
import dev.sluice.grammar.SluiceParser;
import dev.sluice.grammar.SluiceParser.StatementContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/// The first stage: text to syntax tree. Plain text, Unicode and LaTeX end here.
///
/// Characters → tokens → statements (where one ends; repetitions written out) → names (`V_gx_t` is
/// `V_g x_t`) → one parse
/// tree per statement → [Ast]. Each statement is parsed on its own, so that an error in one hides
/// none in another.
public final class Parse {
  private final SluiceParser parser =
      new SluiceParser(new CommonTokenStream(new ListTokenSource(List.of())));
  private final Limits limits;
  private final Problems problems;

  private Parse(Limits limits) {
    this.limits = limits;
    this.problems = new Problems(limits);
    parser.removeErrorListeners();
    parser.setErrorHandler(new BailErrorStrategy());
    // Every decision of the grammar takes one or two tokens, so SLL is exact.
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
  }

  /// The syntax tree of a cell file, or all that is wrong with it. When the index letter is found
  /// and not declared, the tree begins with an [Ast.IndexDeclaration] of it unless it is `t`.
  ///
  /// Never fails by exception, whatever the text: a file has at most 2^20 characters, 5,000
  /// statements of 2,000 symbols each, repetitions written out, brackets 100 deep.
  ///
  /// @param settings values of hyperparameters by plain name, over those of the file: how often
  ///     something is repeated may depend on them
  public static Outcome<Ast.File> file(Source source, Map<String, Double> settings) {
    return file(source, settings, Limits.DEFAULT);
  }

  /// A file whose hyperparameters have the values that it gives them.
  public static Outcome<Ast.File> file(Source source) {
    return file(source, Map.of());
  }

  static Outcome<Ast.File> file(Source source, Map<String, Double> settings, Limits limits) {
    if (source.text().length() > limits.characters()) {
      Span start = new Span(0, Math.min(1, source.text().length()));
      return Outcome.failed(
          List.of(
              Problem.error(
                  "the file is too large",
                  start,
                  "A cell file has at most %d characters, this one has %d."
                      .formatted(limits.characters(), source.text().length()))));
    }
    return new Parse(limits).run(source, settings);
  }

  private Outcome<Ast.File> run(Source source, Map<String, Double> settings) {
    List<CommonToken> written = Shorthand.written(Characters.tokens(source, problems));
    List<CommonToken> tokens = PairedSigns.read(ConditionalTimes.reported(written, problems));
    TimeIndex index = TimeIndex.of(tokens);
    List<Layout.Statement> statements =
        Repetition.writtenOut(
            Layout.statements(tokens, index, limits, problems),
            source,
            settings,
            index,
            limits,
            problems);
    Vocabulary vocabulary = Vocabulary.of(statements, index, Set.of());
    Set<String> functions = functions(statements, vocabulary);
    if (!functions.isEmpty()) {
      vocabulary = Vocabulary.of(statements, index, functions);
    }
    List<Ast.Statement> built = new ArrayList<>();
    if (!index.isDeclared()) {
      index.seen().ifPresent(s -> built.add(new Ast.IndexDeclaration(index.letter(), s)));
    }
    Names names = new Names(vocabulary, limits, problems);
    for (Layout.Statement statement : statements) {
      built.addAll(statement(statement, vocabulary, names, problems));
    }
    if (statements.isEmpty() && problems.isEmpty()) {
      problems.error("an empty cell", new Span(0, 0), "A cell has at least one equation.", "");
    }
    Ast.File file = new Ast.File(built, new Span(0, source.text().length()));
    return problems.isEmpty() ? Outcome.of(file, List.of()) : Outcome.failed(problems.list());
  }

  /// Plain names of the functions that a file binds: `let φ = relu`, `g(x) = …`, `g = tanh`. To
  /// find them the few statements that may bind one are built once before the rest.
  private Set<String> functions(List<Layout.Statement> statements, Vocabulary vocabulary) {
    Set<String> functions = new HashSet<>();
    Problems ignored = new Problems(limits);
    Names names = new Names(vocabulary, limits, ignored);
    for (Layout.Statement statement : statements) {
      if (!mayBind(statement.tokens())) {
        continue;
      }
      for (Ast.Statement built : statement(statement, vocabulary, names, ignored)) {
        bound(built, vocabulary).ifPresent(functions::add);
      }
    }
    return functions;
  }

  private static boolean mayBind(List<CommonToken> tokens) {
    int type = tokens.getFirst().getType();
    if (type == SluiceLexer.LET) {
      return true;
    }
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (tokens.get(i + 1).getType() == SluiceLexer.EQUALS) {
        boolean call = tokens.get(i).getType() == SluiceLexer.RPAREN;
        return call && type != SluiceLexer.LPAREN || tokens.size() <= 12;
      }
    }
    return false;
  }

  private static Optional<String> bound(Ast.Statement statement, Vocabulary vocabulary) {
    return switch (statement) {
      case Ast.LetDeclaration(Ast.Name name, Ast.Name _, Span _) ->
          Optional.of(name.symbol().plain());
      case Ast.Equation(Ast.Apply(Ast.Name name, var _, var _), var _, var _) ->
          Optional.of(name.symbol().plain());
      case Ast.Equation(Ast.Name name, Ast.Name value, Span _)
          when name.delay().isEmpty() && vocabulary.isFunction(value.symbol().plain()) ->
          Optional.of(name.symbol().plain());
      default -> Optional.empty();
    };
  }

  private List<Ast.Statement> statement(
      Layout.Statement statement, Vocabulary vocabulary, Names names, Problems to) {
    if (statement.isBroken() || to.isFull()) {
      return List.of();
    }
    List<CommonToken> tokens = Words.split(statement.tokens(), vocabulary);
    parser.setTokenStream(new CommonTokenStream(new ListTokenSource(tokens)));
    try {
      StatementContext tree = parser.statement();
      Building building = new Building(tokens, vocabulary, names, limits, to);
      return Statements.of(tree, statement.span(), building);
    } catch (ParseCancellationException e) {
      if (!(e.getCause() instanceof RecognitionException cause)) {
        throw e;
      }
      SyntaxErrors.report(cause, tokens, to);
      return List.of();
    }
  }
}
