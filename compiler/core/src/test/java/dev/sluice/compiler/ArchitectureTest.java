package dev.sluice.compiler;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The rules of the pipeline: stages know the types they exchange and nothing of each other.
class ArchitectureTest {
  private static final String ROOT = "dev.sluice.compiler";
  private static final List<String> STAGES =
      List.of("ast", "bind", "canon", "derive", "fuse", "generate", "same", "weights");
  private static final JavaClasses CLASSES =
      new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(ROOT);

  @Test
  void aStageDependsOnTheExchangedTypesOnly() {
    for (String stage : STAGES) {
      classes()
          .that()
          .resideInAPackage(ROOT + "." + stage + "..")
          .should()
          .onlyDependOnClassesThat(allowed(stage))
          .allowEmptyShould(true)
          .check(CLASSES);
    }
  }

  private static DescribedPredicate<JavaClass> allowed(String stage) {
    List<String> packages =
        new ArrayList<>(List.of("java..", "org.jspecify..", ROOT + ".ir..", ROOT + ".report.."));
    packages.add(ROOT + "." + stage + "..");
    if (stage.equals("ast")) {
      packages.addAll(List.of("dev.sluice.grammar..", "org.antlr.v4.runtime.."));
    }
    if (stage.equals("generate")) {
      packages.addAll(
          List.of("com.palantir.javapoet..", "javax.lang.model..", "dev.sluice.runtime.spi.."));
    }
    return resideInAnyPackage(packages.toArray(String[]::new))
        .or(
            DescribedPredicate.describe(
                "Sizes", c -> c.getName().equals("dev.sluice.runtime.Sizes")))
        .or(
            DescribedPredicate.describe(
                "arrays of primitives", c -> c.getBaseComponentType().isPrimitive()));
  }

  @Test
  void theExchangedTypesKnowNoStage() {
    noClasses()
        .that(resideInAnyPackage(ROOT + ".ir..", ROOT + ".report.."))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                STAGES.stream().map(s -> ROOT + "." + s + "..").toArray(String[]::new)))
        .check(CLASSES);
    noClasses()
        .that(resideInAPackage(ROOT + ".report.."))
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + ".ir.."))
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  /// One exception: a class that was compiled in memory is made an object by its constructor.
  @Test
  void nothingReflectsOrUsesUnsafe() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".InMemory")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.lang.reflect..", "sun.misc..", "jdk.internal.."))
        .check(CLASSES);
  }

  @Test
  void nothingStaticCanChange() {
    fields()
        .that(
            DescribedPredicate.describe(
                "are static", (JavaField f) -> f.getModifiers().contains(JavaModifier.STATIC)))
        .should()
        .beFinal()
        .check(CLASSES);
  }

  @Test
  void noClassIsCalledUtils() {
    noClasses().should().haveNameMatching(".*(Utils?|Helper|Manager)").check(CLASSES);
  }

  @Test
  void theRulesSeeTheCompiler() {
    assertThat(CLASSES.contain(ROOT + ".ir.Cell")).isTrue();
    assertThat(CLASSES.stream().map(JavaClass::getPackageName)).contains(ROOT + ".report");
  }
}
