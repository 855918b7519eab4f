package dev.sluice.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/// How long it takes until something runs.
///
/// @param toJava milliseconds from equations to Java source
/// @param toClass milliseconds from there to a loaded class
/// @param plain a program with the compiled class
/// @param archived the same with an archive of its classes (class data sharing)
record StartupReport(
    BenchSetting setting,
    Compilation toJava,
    Compilation toClass,
    Startup.Run plain,
    Startup.Run archived)
    implements BenchReport {

  /// Milliseconds of a compilation.
  ///
  /// @param cold the first in its JVM
  /// @param warm median of later ones
  record Compilation(double cold, double warm) {}

  @Override
  public String text() {
    return BenchReport.format(
        """
        %s
        from process start, ms    first result   steady state   a pass then
          plain                   %12.0f   %12.0f   %11.3f
          with a class archive    %12.0f   %12.0f   %11.3f
        compiling the cell, ms           first          later
          equations to Java       %12.0f   %12.1f
          Java to a class         %12.0f   %12.1f""",
        setting,
        plain.first(),
        plain.steady(),
        plain.pass(),
        archived.first(),
        archived.steady(),
        archived.pass(),
        toJava.cold(),
        toJava.warm(),
        toClass.cold(),
        toClass.warm());
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("first_ms", plain.first());
    result.put("steady_ms", plain.steady());
    result.put("archive_first_ms", archived.first());
    result.put("archive_steady_ms", archived.steady());
    result.put("pass_ms", plain.pass());
    result.put("to_java_ms", toJava.cold());
    result.put("to_java_warm_ms", toJava.warm());
    result.put("to_class_ms", toClass.cold());
    result.put("to_class_warm_ms", toClass.warm());
    return result;
  }
}
