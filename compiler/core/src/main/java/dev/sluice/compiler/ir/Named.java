package dev.sluice.compiler.ir;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes what must be in a map.
final class Named {
  private Named() {}

  /// @throws IllegalStateException when nothing has that name: a bug of the compiler
  static <K, V> V in(Map<K, V> map, K name) {
    @Nullable V found = map.get(name);
    if (found == null) {
      throw new IllegalStateException("nothing is called " + name + " among " + map.keySet());
    }
    return found;
  }
}
