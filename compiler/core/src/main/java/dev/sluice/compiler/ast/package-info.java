/// Text to syntax tree. LaTeX spelling ends here: after this stage there are names, numbers and
/// operations. [Parse] is the entry point.
@org.jspecify.annotations.NullMarked
package dev.sluice.compiler.ast;
