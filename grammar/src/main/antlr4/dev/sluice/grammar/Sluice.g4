/// Cell equations in plain text, Unicode and LaTeX.
///
/// The lexer knows characters only. Between lexer and parser the compiler's `ast` stage finds the statements (newlines and
/// `\\` end one only outside brackets), splits letter runs (`V_gx_t` is `V_g x_t`) and turns keywords that are used as names
/// back into words; repetitions (`for l in 1..3`) are written out there. The parser sees one statement at a time. Every decision takes one or two tokens of lookahead, so
/// that SLL prediction is exact and linear. What a name, a script or a product means is decided from the tree, not here.
grammar Sluice;

// ---------------------------------------------------------------------------------------------------------- statements

statement
  : keyword=(INPUT | STATE | OUTPUT | LET | CONST | INIT | INDEX) binding (COMMA binding)* EOF   # declaration
  | DIM left=sequence EQUALS DIM right=sequence EOF                                             # equalLengths
  | left=comparison (COMMA comparison)* ((IN | COLON) shape=sum | (EQUALS comparison)+) EOF     # definition
  ;

/// `x`, `h = 0`, `W ~ orthogonal`, `x ∈ ℝ^m`
binding
  : sequence (relation=(EQUALS | TILDE | IN | COLON) value=sum)?
  ;

// --------------------------------------------------------------------------------------------------------- expressions

list
  : condition (COMMA condition)*
  ;

/// Inside brackets `=` compares.
condition
  : comparison ((EQUALS | EQUAL_TO) comparison)?
  ;

comparison
  : sum ((LESS | LESS_OR_EQUAL | GREATER | GREATER_OR_EQUAL) sum)?
  ;

sum
  : product ((PLUS | MINUS) product)*
  ;

product
  : signed ((ELEMENTWISE | DOT | MATRIX_PRODUCT | OUTER | SLASH | MOD) signed)*
  ;

signed
  : (PLUS | MINUS)* sequence
  ;

/// Factors side by side: products, and functions before their arguments.
sequence
  : factor+
  ;

factor
  : primary script*
  ;

primary
  : (WORD | COMMAND)                                                        # word
  | NUMBER                                                                  # number
  | LPAREN list (SEMICOLON list)* SEMICOLON? RPAREN                         # parentheses
  | LBRACKET list (SEMICOLON list)* SEMICOLON? RBRACKET                     # brackets
  | LBRACE list RBRACE                                                      # braces
  | LBAR sum RBAR                                                           # absolute
  | ACCENT primary                                                          # accented
  | FONT primary                                                            # styled
  | FRAC numerator=primary denominator=primary                              # fraction
  | SQRT primary                                                            # root
  | BEGIN_MATRIX cells (ROW cells)* ROW? END_MATRIX                         # matrix
  | BEGIN_CASES branch (ROW branch)* ROW? END_CASES                         # cases
  ;

cells
  : condition (AMPERSAND condition)*
  ;

branch
  : sum guard?
  ;

guard
  : (COMMA | AMPERSAND)+ (OTHERWISE | IF? condition)
  | OTHERWISE
  | IF condition
  ;

script
  : SUB scriptArgument          # subscript
  | SUP scriptArgument          # superscript
  | SUBSCRIPT                   # lowered
  | SUPERSCRIPT                 # raised
  | PRIME                       # prime
  ;

scriptArgument
  : LBRACE (list | sign | PRIME | TOP) RBRACE
  | LPAREN list RPAREN
  | MINUS? (WORD | COMMAND | NUMBER)
  | (ACCENT | FONT) primary
  | PRIME
  | TOP
  | DOT
  | PLUS
  ;

/// A label of one sign: `h^{+}`, `c^{*}`
sign
  : PLUS
  | MINUS
  | DOT
  ;

// -------------------------------------------------------------------------------------------------------------- tokens

COMMENT: ('%' | '#' | '//') ~[\r\n]* -> skip;
SPACE: [ \t\f\u00A0\u2000-\u200B\u202F\u205F\u2060\u3000\uFEFF]+ -> skip;
THIN_SPACE: '\\' [,;:!> ] -> skip;
TYPESETTING:
  ( '\\' ('displaystyle' | 'textstyle' | 'nonumber' | 'notag' | 'hline' | 'bf' | 'rm' | 'it' | 'centering')
  | '\\' ('label' | 'tag' | 'hspace' | 'vspace') '*'? S '{' ~[{}\r\n]* '}'
  | SIZE '.'
  ) -> skip;

NEWLINE: '\r'? '\n' | '\r' | [\u0085\u2028\u2029] | '$' | '$$' | '\\[' | '\\]' | '\\(' | '\\)';
ROW: '\\\\' '*'? (S '[' [0-9.]+ [a-z]+ ']')?;
QUAD: '\\quad' | '\\qquad';
AMPERSAND: '&';

BEGIN_MATRIX: '\\begin' S ('{' MATRIX_NAME '}' | '{array}' S '{' [lcr| ]* '}');
END_MATRIX: '\\end' S ('{' MATRIX_NAME '}' | '{array}');
BEGIN_CASES: '\\begin' S '{' 'd'? 'cases' '}';
END_CASES: '\\end' S '{' 'd'? 'cases' '}';
BEGIN_LAYOUT: '\\begin' S '{' LAYOUT_NAME '}' (S '{' [0-9]+ '}' | '[' [a-z] ']')?;
END_LAYOUT: '\\end' S '{' LAYOUT_NAME '}';
BEGIN_UNKNOWN: '\\begin' (S '{' ~[{}\r\n]* '}')?;
END_UNKNOWN: '\\end' (S '{' ~[{}\r\n]* '}')?;

INPUT: 'input';
STATE: 'state';
OUTPUT: 'output';
LET: 'let';
CONST: 'const';
INIT: 'init';
INDEX: 'index';
DIM: 'dim';
IF: 'if';
OTHERWISE: 'otherwise';

EQUAL_TO: '==';
EQUALS: '=' | ':=' | '≔' | '\\coloneqq' | '←' | '\\leftarrow' | '\\gets';
LESS_OR_EQUAL: '<=' | '≤' | '\\le' | '\\leq' | '\\leqslant';
GREATER_OR_EQUAL: '>=' | '≥' | '\\ge' | '\\geq' | '\\geqslant';
LESS: '<' | '\\lt';
GREATER: '>' | '\\gt';
IN: '∈' | '\\in';
COLON: ':' | '\\colon';
TILDE: '~' | '∼' | '\\sim';
PLUS: '+';
MINUS: [-\u2010-\u2013\u2212];
ELEMENTWISE: '∘' | '⊙' | '◦' | '⨀' | '.*' | '\\circ' | '\\odot' | '\\bigodot';
DOT: '·' | '⋅' | '∙' | '•' | '*' | '×' | '∗' | '\\cdot' | '\\times' | '\\ast' | '\\bullet';
MATRIX_PRODUCT: '@';
OUTER: '⊗' | '\\otimes';
SLASH: '/' | './' | '÷' | '∕' | '⊘' | '\\div' | '\\oslash';
MOD: '\\bmod' | '\\mod' | 'mod';
SUB: '_' | '\\_';
SUP: '^' | '**';
PRIME: ['\u2019\u2032\u2033\u2034]+ | '\\prime';
TOP: '\\top' | '⊤' | '\\intercal';
RANGE: '..' | '...' | '…' | '\\ldots' | '\\dots' | '\\cdots';
COMMA: ',';
SEMICOLON: ';';

LPAREN: SIZE? ('(' | '\\{' | '\\lbrace') | '\\lparen';
RPAREN: SIZE? (')' | '\\}' | '\\rbrace') | '\\rparen';
LBRACKET: SIZE? '[' | '\\lbrack';
RBRACKET: SIZE? ']' | '\\rbrack';
LBRACE: '{';
RBRACE: '}';
LBAR: '\\left' S '|' | '\\lvert';
RBAR: '\\right' S '|' | '\\rvert';
BAR: '|' | '\\vert';
DOUBLE_BAR: SIZE? ('\\|' | '||' | '‖' | '∥' | '\\Vert' | '\\lVert' | '\\rVert');
LANGLE: SIZE? ('\\langle' | '⟨' | '〈');
RANGLE: SIZE? ('\\rangle' | '⟩' | '〉');

ACCENT:
  '\\' ('tilde' | 'widetilde' | 'hat' | 'widehat' | 'bar' | 'overline' | 'dot' | 'ddot' | 'vec' | 'check' | 'breve' | 'acute'
  | 'grave' | 'underline');
FONT:
  '\\' ('mathbf' | 'boldsymbol' | 'bm' | 'mathrm' | 'mathit' | 'mathsf' | 'mathtt' | 'mathnormal' | 'text' | 'textbf' | 'textit'
  | 'textrm' | 'textsf' | 'texttt' | 'mbox' | 'operatorname' '*'? | 'mathcal' | 'mathscr' | 'mathbb' | 'mathfrak');
FRAC: '\\frac' | '\\dfrac' | '\\tfrac';
SQRT: '\\sqrt' | '√';
NUMBER: (DIGIT+ ('.' DIGIT+)? | '.' DIGIT+) ([eE] [+-]? DIGIT+)? | '∞' | '\\infty';
COMMAND: '\\' [a-zA-Z]+ | '∑';

SUBSCRIPT: [\u2080-\u208E\u2090-\u209C\u1D62-\u1D6A\u2C7C]+;
SUPERSCRIPT: [\u00B2\u00B3\u00B9\u2070\u2071\u2074-\u207F\u02B0-\u02B8\u02E1-\u02E3\u1D2C-\u1D61\u1D9C-\u1DBF]+;
WORD: LETTER (LETTER | MARK | DIGIT)*;
UNKNOWN: .;

fragment S: [ \t]*;
fragment SIZE: '\\' ('left' | 'right' | [bB] 'ig' 'g'? [lrm]?) S;
fragment DIGIT: [0-9];
fragment LETTER: [\p{Lu}\p{Ll}\p{Lt}\p{Lo}];
fragment MARK: [\p{Mn}];
fragment MATRIX_NAME: ([pbBvV]? | 'small') 'matrix' '*'?;
fragment LAYOUT_NAME:
  ('aligned' | 'align' | 'alignat' | 'alignedat' | 'flalign' | 'equation' | 'gather' | 'gathered' | 'multline' | 'split'
  | 'eqnarray' | 'math' | 'displaymath' | 'center' | 'document') '*'?;
