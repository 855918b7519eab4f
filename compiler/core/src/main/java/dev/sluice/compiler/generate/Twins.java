package dev.sluice.compiler.generate;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
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
/// @param doc what the common class is for, if it needs saying
record Twins(String code, Optional<String> vector, String scalar, String doc) {
  static Twins nestedIn(String className, boolean vectors) {
    return nestedIn(className, "Code", vectors, "");
  }

  /// The classes that compute weights: `WeightCode`.
  static Twins ofWeightsIn(String className, boolean vectors) {
    return nestedIn(
        className,
        "WeightCode",
        vectors,
        "What parameters alone decide, once after every change of them: weights are states of one step.");
  }

  private static Twins nestedIn(String className, String name, boolean vectors, String doc) {
    return new Twins(
        nested(className, name),
        vectors ? Optional.of(nested(className, "Vector" + name)) : Optional.empty(),
        nested(className, "Scalar" + name),
        doc);
  }

  /// A class can't have a nested one of its own name.
  private static String nested(String className, String wish) {
    return className.equals(wish) ? wish + "_" : wish;
  }

  /// Returns an object of the one that the JVM can run.
  ///
  /// @param lengths arguments of the constructor
  /// @param result the format of what is returned, around the object
  CodeBlock choice(CodeBlock lengths, String result) {
    CodeBlock.Builder code = CodeBlock.builder();
    vector.ifPresent(
        name ->
            code.beginControlFlow("if ($T.VECTORS)", Types.LANES)
                .addStatement("return " + result, CodeBlock.of("new $L($L)", name, lengths))
                .endControlFlow());
    return code.addStatement("return " + result, CodeBlock.of("new $L($L)", scalar, lengths))
        .build();
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
