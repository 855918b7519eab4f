package dev.sluice.compiler.bind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.bind.Lengths.Owner;
import dev.sluice.compiler.ir.Dim;
import org.junit.jupiter.api.Test;

class LengthsTest {
  private final Lengths lengths = new Lengths();
  private final Dim a = lengths.fresh();
  private final Dim b = lengths.fresh();
  private final Dim c = lengths.fresh();

  @Test
  void equalityIsTransitive() {
    assertThat(lengths.unify(a, b)).isTrue();
    assertThat(lengths.unify(b, c)).isTrue();
    assertThat(lengths.resolve(a)).isEqualTo(lengths.resolve(c));
  }

  @Test
  void rowsOfABlock() {
    assertThat(lengths.unify(a, b.times(4))).isTrue();
    assertThat(lengths.resolve(a)).isEqualTo(b.times(4));
    assertThat(lengths.unify(a, c.times(4))).isTrue();
    assertThat(lengths.resolve(b)).isEqualTo(lengths.resolve(c));
  }

  @Test
  void columnsOfAConcatenation() {
    assertThat(lengths.unify(a, b.plus(c))).isTrue();
    assertThat(lengths.unify(a, b.plus(Dim.of(3)))).isTrue();
    assertThat(lengths.resolve(c)).isEqualTo(Dim.of(3));
  }

  @Test
  void whatIsNoLengthIsRefused() {
    assertThat(lengths.unify(a, a.plus(b))).as("b = 0").isFalse();
    assertThat(lengths.unify(a, a.plus(Dim.ONE))).as("0 = 1").isFalse();
    assertThat(lengths.unify(a.plus(Dim.of(5)), Dim.of(2))).as("a = -3").isFalse();
    assertThat(lengths.unify(a.times(2), Dim.of(3))).as("a = 1½").isFalse();
    assertThat(lengths.resolve(a)).as("nothing changed").isEqualTo(a);
  }

  @Test
  void declaredNamesEqualNothingElse() {
    assertThat(lengths.unify(a, Dim.of("n"))).isTrue();
    assertThat(lengths.unify(a, Dim.of("k"))).isFalse();
    assertThat(lengths.unify(Dim.of("n"), Dim.of("n"))).isTrue();
  }

  @Test
  void inputAndStateAreEqualOnlyByDeclaration() {
    lengths.own(a, Owner.INPUT);
    lengths.own(b, Owner.STATE);
    assertThat(lengths.unify(c, a)).isTrue();
    assertThat(lengths.unify(c, b)).isFalse();
    assertThat(lengths.declareEqual(a, b)).isTrue();
    assertThat(lengths.unify(c, b)).isTrue();
  }
}
