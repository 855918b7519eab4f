package dev.sluice.samples.recorded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files that are not what they should be get a message, not an exception from deep inside.
final class NumbersTest {
  private static byte[] npy(String type, String fortran, String shape, float... data) {
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }\n".formatted(type, fortran, shape);
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + header.length() + 4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.ISO_8859_1));
    bytes.put((byte) 1).put((byte) 0).putShort((short) header.length());
    bytes.put(header.getBytes(StandardCharsets.ISO_8859_1));
    for (float number : data) {
      bytes.putFloat(number);
    }
    return bytes.array();
  }

  @Test
  void readsAnArray() {
    Numbers numbers = Numbers.read("x.npy", npy("<f4", "False", "2, 1", 1.5f, -2));

    assertThat(numbers.shape()).containsExactly(2, 1);
    assertThat(numbers.data()).containsExactly(1.5, -2);
  }

  @ParameterizedTest(name = "{3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "<f4 | True  | 1  | x.npy: expected an array in C order, found",
        ">f4 | False | 1, | x.npy: elements of type >f4, expected <f4",
        "<f2 | False | 2, | x.npy: elements of type <f2, expected <f4",
        "<f4 | False | 2, | x.npy: 4 bytes of data, expected 2 of 4 each",
        "<f8 | False | 1, | x.npy: 4 bytes of data, expected 1 of 8 each",
      })
  void saysWhatIsWrong(String type, String fortran, String shape, String message) {
    refused(npy(type, fortran, shape, 1), message);
  }

  @Test
  void saysThatItIsCutOffOrNoArray() {
    byte[] whole = npy("<f4", "False", "2,", 1, 2);
    for (int length : new int[] {0, 9, 30}) {
      refused(Arrays.copyOf(whole, length), "x.npy: %d bytes that are no .npy".formatted(length));
    }
    refused(Arrays.copyOf(whole, whole.length - 1), "x.npy: 7 bytes of data, expected 2");
  }

  /// NaN means open in a [Numbers]: a recorded one would be compared with nothing.
  @Test
  void refusesNaN() {
    refused(npy("<f4", "False", "2,", 1, Float.NaN), "x.npy: element 1 is NaN");
  }

  private static void refused(byte[] npy, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Numbers.read("x.npy", npy))
        .withMessageContaining(message);
  }
}
