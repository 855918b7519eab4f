package dev.sluice.compiler.generate;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.Modifier;

/// The nested classes of one generated class: `Code`, which is all of a cell but its elementwise
/// methods, and the two that implement these.
///
/// @param code name of the common class
/// @param vector name of the one that needs the vector module; none in a JVM that has none
/// @param scalar name of the one that doesn't
record Twins(String code, Optional<String> vector, String scalar) {
  static Twins nestedIn(String className, boolean vectors) {
    return new Twins(
        nested(className, "Code"),
        vectors ? Optional.of(nested(className, "VectorCode")) : Optional.empty(),
        nested(className, "ScalarCode"));
  }

  /// A class can't have a nested one of its own name.
  private static String nested(String className, String wish) {
    return className.equals(wish) ? wish + "_" : wish;
  }

  /// @param lengths parameters of the constructors
  List<TypeSpec> types(List<ElementwiseMethod> methods, List<String> lengths) {
    List<MethodSpec> onFloats = methods.stream().map(ElementwiseMethod::onFloats).toList();
    TypeSpec floats = type(scalar, "The same without the vector module.", onFloats, lengths);
    if (vector.isEmpty()) {
      return List.of(floats);
    }
    List<MethodSpec> onVectors = methods.stream().map(ElementwiseMethod::onVectors).toList();
    return List.of(type(vector.get(), "Elementwise work on vectors.", onVectors, lengths), floats);
  }

  private TypeSpec type(String name, String doc, List<MethodSpec> methods, List<String> lengths) {
    MethodSpec.Builder constructor = MethodSpec.constructorBuilder();
    lengths.forEach(length -> constructor.addParameter(TypeName.INT, length));
    if (!lengths.isEmpty()) {
      constructor.addStatement("super($L)", String.join(", ", lengths));
    }
    return TypeSpec.classBuilder(name)
        .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
        .superclass(ClassName.bestGuess(code))
        .addJavadoc("$L\n", doc)
        .addMethod(constructor.build())
        .addMethods(methods)
        .build();
  }
}
