package dev.sluice.compiler.generate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What class a schedule becomes.
///
/// @param packageName where the class lives
/// @param className its simple name
/// @param sizes of all dimensions, to specialise the class to them; empty to leave them open
/// @param precise whether σ and tanh are within 2 ulp rather than fast
/// @param memory bytes that networks of it keep within; [Long#MAX_VALUE] for no limit
/// @param vectors whether the class has vector code; without it, the class is for this JVM alone,
///     which has no vector module, perhaps not even for `javac`
public record Target(
    String packageName,
    String className,
    Map<String, Integer> sizes,
    boolean precise,
    long memory,
    boolean vectors) {
  public Target {
    // In its order: the same input gives the same bytes.
    sizes = Collections.unmodifiableMap(new LinkedHashMap<>(sizes));
  }

  public Target withoutVectors() {
    return new Target(packageName, className, sizes, precise, memory, false);
  }
}
