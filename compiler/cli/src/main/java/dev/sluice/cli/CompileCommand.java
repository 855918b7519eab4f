package dev.sluice.cli;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.Options;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `compile FILE -d DIR --package P [--size x=4,h=5]`: the cell as a Java class.
@Command(
    name = "compile",
    mixinStandardHelpOptions = true,
    description =
        "Write the Java class of a cell: gru_reset_after.cell becomes GruResetAfter.java.")
final class CompileCommand implements Callable<Integer> {
  @Mixin private CellFile file;
  @Mixin private DumpOption dump;
  @Mixin private SizeOptions sizes;
  @Mixin private MemoryOption memory;

  @Option(
      names = {"-d", "--directory"},
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Root of the sources; the package's folders are made in it. Default: here.")
  private Path directory;

  @Option(
      names = {"-p", "--package"},
      paramLabel = "NAME",
      defaultValue = "sluice.cells",
      description = "Package of the class. Default: ${DEFAULT-VALUE}.")
  private String packageName;

  @Option(names = "--json", description = "Write the class and its file as JSON on one line.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (dump.isGiven()) {
      return dump.print(file, out, spec.commandLine().getErr());
    }
    Options options =
        file.options().withPackage(packageName).withSizes(sizes.given()).withMemory(memory.limit());
    Compiled compiled = file.compile(options, spec.commandLine().getErr());
    Path target = write(compiled);
    if (json) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("class", compiled.qualifiedName());
      result.put("file", target.toString());
      out.println(Json.of(result));
    } else {
      out.println(target);
    }
    return Exit.OK;
  }

  private Path write(Compiled compiled) {
    Path target = directory.resolve(compiled.qualifiedName().replace('.', '/') + ".java");
    try {
      if (target.getParent() != null) {
        Files.createDirectories(target.getParent());
      }
      Files.writeString(target, compiled.javaSource());
    } catch (IOException e) {
      throw UserError.of(target, e);
    }
    return target;
  }
}
