package dev.sluice.compiler;

import dev.sluice.runtime.spi.CellProgram;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/// Generated source to a loaded class, without a file.
final class InMemory {
  private InMemory() {}

  /// @param modules that the source needs beyond those of any Java program
  static CellProgram load(String name, String source, List<String> modules) {
    Map<String, byte[]> classes = compile(name, source, modules);
    try {
      Class<?> type = new Loader(classes).loadClass(name);
      return (CellProgram) type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("generated class " + name + " can't be loaded", e);
    }
  }

  private static Map<String, byte[]> compile(String name, String source, List<String> modules) {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    if (javac == null) {
      throw new IllegalStateException(
          "compiling a cell in memory needs a JDK; this Java runtime has no compiler");
    }
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (Outputs outputs = new Outputs(javac.getStandardFileManager(diagnostics, null, null))) {
      List<String> options = new ArrayList<>(List.of("-proc:none", "-Xlint:none"));
      modules.forEach(module -> options.addAll(List.of("--add-modules", module)));
      options.addAll(List.of("-classpath", classPath()));
      boolean fine =
          javac
              .getTask(null, outputs, diagnostics, options, null, List.of(new Text(name, source)))
              .call();
      if (!fine) {
        throw new IllegalStateException(
            "generated code does not compile, which is a bug of Sluice:\n"
                + diagnostics.getDiagnostics()
                + "\n"
                + source);
      }
      return outputs.bytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where the runtime's classes are, whether they came by class path or module path.
  private static String classPath() {
    List<String> parts = new ArrayList<>();
    var source = CellProgram.class.getProtectionDomain().getCodeSource();
    if (source != null && source.getLocation() != null) {
      parts.add(Path.of(URI.create(source.getLocation().toString())).toString());
    }
    parts.add(System.getProperty("java.class.path", ""));
    return String.join(File.pathSeparator, parts);
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String source;

    Text(String name, String source) {
      super(URI.create("string:///" + name.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
      this.source = source;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return source;
    }
  }

  private static final class Outputs extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

    Outputs(StandardJavaFileManager files) {
      super(files);
    }

    Map<String, byte[]> bytes() {
      Map<String, byte[]> bytes = new HashMap<>();
      classes.forEach((name, stream) -> bytes.put(name, stream.toByteArray()));
      return bytes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      if (location != StandardLocation.CLASS_OUTPUT) {
        throw new IllegalArgumentException("output to " + location);
      }
      return new SimpleJavaFileObject(
          URI.create("memory:///" + className.replace('.', '/') + kind.extension), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream stream = new ByteArrayOutputStream();
          classes.put(className, stream);
          return stream;
        }
      };
    }
  }

  /// Defines the generated class and its nested classes, next to the runtime's own loader.
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> classes;

    Loader(Map<String, byte[]> classes) {
      super(CellProgram.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] bytes = classes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
