package dev.sluice.samples.demo;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.SluiceCompiler;
import java.io.IOException;
import java.nio.file.Path;

/// A cell file, compiled.
///
/// @param text what a person wrote
record CellFile(String text, Compiled compiled) {

  /// @throws dev.sluice.compiler.CellException with the whole report when the cell has mistakes
  static CellFile read(Path file) throws IOException {
    return new CellFile(SluiceCompiler.read(file).text(), SluiceCompiler.compile(file));
  }
}
