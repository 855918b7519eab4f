package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ir.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Cells whose state meets no matrix: all products are of all steps at once, forward and back, and
/// the loop has elementwise work alone.
class LinearRecurrencesTest {
  private static final Path CELLS = Path.of("../../samples/cells");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mingru_feng2024",
        "minlstm_feng2024",
        "sru_lei2018",
        "qrnn_fpool_k1",
        "indrnn_relu_2018",
        "qrnn_fopool_k2",
        "qrnn_ifopool_k3",
        "t_rnn_balduzzi2016",
        "t_gru_balduzzi2016",
        "t_lstm_balduzzi2016",
        "rwkv4_timemix_2023",
        "rglru_griffin2024",
        "gilr_martin2018"
      })
  void productsAreOutsideTheLoop(String name) throws IOException {
    Schedule schedule = schedule(name);
    for (Schedule.Pass pass :
        List.of(schedule.inference(), schedule.training(), schedule.backward())) {
      assertThat(products(pass.step())).isZero();
      assertThat(products(pass.before()) + products(pass.after())).isPositive();
      assertThat(pass.joinable()).isEmpty();
    }
  }

  @Test
  void thoseOfAnLstmAreNot() throws IOException {
    assertThat(products(schedule("lstm").inference().step())).isPositive();
  }

  private static Schedule schedule(String name) throws IOException {
    Path file = CELLS.resolve(name + ".cell");
    return SluiceCompiler.compile(SluiceCompiler.read(file), Options.named(name)).schedule();
  }

  private static long products(List<Schedule.Stage> stages) {
    return stages.stream()
        .flatMap(
            stage ->
                stage instanceof Schedule.Tiles tiles ? tiles.families().stream() : Stream.of())
        .count();
  }
}
