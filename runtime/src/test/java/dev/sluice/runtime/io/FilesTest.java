package dev.sluice.runtime.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.runtime.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FilesTest {
  private static final float[] SPECIAL = {
    0f, -0f, 1f, Float.NaN, Float.POSITIVE_INFINITY, Float.MIN_VALUE, -Float.MAX_VALUE, 0.1f
  };

  @TempDir Path folder;

  static Stream<int[]> shapes() {
    return Stream.of(
        new int[] {},
        new int[] {0},
        new int[] {7},
        new int[] {2, 3},
        new int[] {3, 0, 2},
        new int[] {70, 3, 100});
  }

  private static Tensor tensor(int... shape) {
    float[] values = Tensor.zeros(shape).toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = i < SPECIAL.length ? SPECIAL[i] : i;
    }
    return Tensor.of(values, shape);
  }

  private static void assertSame(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.data().mismatch(expected.data())).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void arraysComeBackBitForBit(int[] shape) throws IOException {
    Path npy = folder.resolve("a.npy");
    Npy.write(npy, tensor(shape));
    assertSame(Npy.read(npy), tensor(shape));
    Path safetensors = folder.resolve("a.safetensors");
    Safetensors.write(safetensors, Map.of("a \"b\"\\\n", tensor(shape)));
    assertThat(Safetensors.read(safetensors)).containsOnlyKeys("a \"b\"\\\n");
    assertSame(Safetensors.read(safetensors).firstEntry().getValue(), tensor(shape));
  }

  @Test
  void namesKeepTheirOrderAndTheSameTensorsGiveTheSameBytes() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z", tensor(2));
    tensors.put("a", tensor(3, 1));
    Safetensors.write(folder.resolve("1.safetensors"), tensors);
    Safetensors.write(folder.resolve("2.safetensors"), tensors);
    assertThat(Safetensors.read(folder.resolve("1.safetensors")).sequencedKeySet())
        .containsExactly("z", "a");
    assertThat(folder.resolve("1.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("2.safetensors"));
    String text = Files.readString(folder.resolve("1.safetensors"), StandardCharsets.ISO_8859_1);
    assertThat(text.substring(8))
        .startsWith(
            """
            {"z":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[3,1],"data_offsets":[8,20]}}""");
  }

  @Test
  void foldersHoldAnArrayAFileAndLeaveOthersAlone() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "mine");
    NpyFolder.write(folder, Map.of("0.W_f", tensor(2, 3), "b", tensor(2)));
    assertThat(NpyFolder.read(folder).sequencedKeySet()).containsExactly("0.W_f", "b");
    assertThat(folder.resolve("notes.txt")).hasContent("mine");
    assertThatThrownBy(() -> NpyFolder.write(folder, Map.of("../b", tensor(1))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("`../b` can't be a file's name");
  }

  // ---- numbers of other types

  @ParameterizedTest
  @CsvSource({
    "<f4, F32, 1.5",
    "<f8, F64, 1.5",
    ">f4, F32, 1.5",
    ">f8, F64, 1.5",
    "<f2, F16, 1.5",
    "<f8, F64, 0.1"
  })
  void otherTypesBecomeFloats(String descr, String type, double value) throws IOException {
    ByteOrder order = descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    byte[] number = number(type, value, order);
    Path npy = folder.resolve("a.npy");
    Files.write(
        npy,
        npy("{'descr': '%s', 'fortran_order': False, 'shape': (1,), }".formatted(descr), number));
    assertThat(Npy.read(npy).get(0)).isEqualTo((float) value);
    Path safetensors = folder.resolve("a.safetensors");
    String header =
        "{\"a\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[0,%d]}}"
            .formatted(type, number.length);
    Files.write(safetensors, safetensors(header, number(type, value, ByteOrder.LITTLE_ENDIAN)));
    assertThat(Safetensors.read(safetensors).firstEntry().getValue().get(0))
        .isEqualTo((float) value);
  }

  private static byte[] number(String type, double value, ByteOrder order) {
    ByteBuffer buffer = ByteBuffer.allocate(8).order(order);
    switch (type) {
      case "F16" -> buffer.putShort(Float.floatToFloat16((float) value));
      case "F32" -> buffer.putFloat((float) value);
      default -> buffer.putDouble(value);
    }
    return java.util.Arrays.copyOf(buffer.array(), buffer.position());
  }

  @Test
  void bfloat16() throws IOException {
    Path file = folder.resolve("a.safetensors");
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"data_offsets\":[0,2],\"dtype\":\"BF16\",\"shape\":[]}}  ";
    Files.write(file, safetensors(header, new byte[] {(byte) 0xc0, 0x3f}));
    assertThat(Safetensors.read(file).firstEntry().getValue().get()).isEqualTo(1.5f);
  }

  // ---- bad files

  private static byte[] npy(String header, byte... data) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer file =
        ByteBuffer.allocate(10 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) 0);
    return file.putShort((short) text.length).put(text).put(data).array();
  }

  private static byte[] safetensors(String header, byte... data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    return file.putLong(text.length).put(text).put(data).array();
  }

  /// Headers, each with 8 bytes of data, and what the message says.
  static Stream<String[]> badArrays() {
    return """
        {'descr': '<f4', 'fortran_order': False, 'shape': (3,), }                | needs 12 bytes of data, the file has 8
        {'descr': '<f4', 'fortran_order': False, 'shape': (1,), }                | needs 4 bytes of data, the file has 8
        {'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999, 99999)} | larger than one array can be
        {'descr': '<f4', 'fortran_order': False, 'shape': (0, 99999999999), }    | no shape
        {'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }               | doesn't describe an array
        {'descr': '<f4', 'fortran_order': False, 'shape': (1e3,), }              | doesn't describe an array
        {'descr': '<f4', 'fortran_order': True, 'shape': (2, 1), }               | Fortran order; expected C order
        {'descr': '<i8', 'fortran_order': False, 'shape': (1,), }                | has the type '<i8'; expected float32
        {'descr': '|O', 'fortran_order': False, 'shape': (1,), }                 | has the type '|O'; expected float32
        {'descr': '<f4', 'shape': (2,), 'evil': True}                            | doesn't describe an array
        {'descr': '<f4', 'fortran_order': False}                                 | doesn't describe an array
        {'descr': __import__('os'), 'fortran_order': False, 'shape': (2,)}       | doesn't describe an array
        not a header                                                             | doesn't describe an array
        """
        .lines()
        .map(
            line ->
                new String[] {
                  line.substring(0, line.lastIndexOf(" | ")).strip(),
                  line.substring(line.lastIndexOf(" | ") + 3)
                });
  }

  @ParameterizedTest
  @MethodSource("badArrays")
  void badArraysAreRefused(String header, String message) throws IOException {
    Path file = folder.resolve("a.npy");
    Files.write(file, npy(header, new byte[8]));
    assertThatThrownBy(() -> Npy.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  /// Headers, each with 8 bytes of data, and what the message says.
  static Stream<String[]> badSafetensors() {
    return """
        {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}                           | a has the bytes 0 to 12 of 8
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}                            | expected 0 to 4 for F32[1]
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}                            | a has the bytes 4 to 8 of 8; expected 0 to 4
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}                            | 8 bytes of data, the header describes 4
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | b has the bytes 4 to 8
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}} | the name `a` twice
        {"a":{"dtype":"F32","shape":[2147483647,2147483647],"data_offsets":[0,8]}}        | no shape
        {"a":{"dtype":"F32","shape":[2000000000,2000000000],"data_offsets":[0,8]}}        | larger than one array can be
        {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}                           | a whole number of at most 18 digits
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}         | a whole number of at most 18 digits
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}                            | needs dtype, shape and two data_offsets
        {"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}                            | a has the type I64; expected F32
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"evil":1}}                   | unknown key `evil`
        {"a":{"dtype":"F32","shape":[2]}}                                                 | needs dtype, shape and two data_offsets
        {"a":[[[[                                                                         | `{` expected
        {"a                                                                               | ends inside a string
        {}x                                                                               | the end of the header expected
        {}                                                                                | 8 bytes of data, the header describes 0
        """
        .lines()
        .map(
            line ->
                new String[] {
                  line.substring(0, line.lastIndexOf(" | ")).strip(),
                  line.substring(line.lastIndexOf(" | ") + 3)
                });
  }

  @ParameterizedTest
  @MethodSource("badSafetensors")
  void badSafetensorsAreRefused(String header, String message) throws IOException {
    Path file = folder.resolve("a.safetensors");
    Files.write(file, safetensors(header, new byte[8]));
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void lengthsOfHeadersAreNotBelieved() throws IOException {
    Path file = folder.resolve("a");
    for (long length : new long[] {-1, Long.MAX_VALUE, Long.MIN_VALUE, 100_000_001, 9, 0}) {
      Files.write(
          file, ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
      assertThatThrownBy(() -> Safetensors.read(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("header of");
    }
    Files.write(file, java.util.Arrays.copyOf(npy("{}"), 9));
    assertThatThrownBy(() -> Npy.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too few");
  }

  @Test
  void anyChangedByteGivesAnArrayOrAnIoException() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    Path npy = folder.resolve("a.npy");
    Npy.write(npy, tensor(2, 3));
    Path safetensors = folder.resolve("a.safetensors");
    Safetensors.write(safetensors, Map.of("a", tensor(2), "b", tensor(3)));
    byte[][] originals = {Files.readAllBytes(npy), Files.readAllBytes(safetensors)};
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = originals[i % 2].clone();
      for (int k = random.nextInt(3); k >= 0; k--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Path file = i % 2 == 0 ? npy : safetensors;
      Files.write(
          file,
          java.util.Arrays.copyOf(
              bytes, bytes.length - random.nextInt(2) * random.nextInt(bytes.length)));
      try {
        assertThat(i % 2 == 0 ? Npy.read(file) : Safetensors.read(file)).isNotNull();
      } catch (IOException e) {
        assertThat(e.getMessage()).startsWith(file + ": ");
        refused++;
      }
    }
    assertThat(refused).isBetween(500, 1999);
  }

  // ---- saves that fail

  @Test
  void aSaveThatFailsLeavesTheOldFilesAndNothingElse() throws IOException {
    Path file = folder.resolve("w.safetensors");
    Safetensors.write(file, Map.of("a", tensor(3)));
    NpyFolder.write(folder, Map.of("a", tensor(3), "b", tensor(3)));
    MemorySegment gone;
    try (Arena arena = Arena.ofConfined()) {
      gone = arena.allocate(12, 4);
    }
    Map<String, Tensor> broken = new LinkedHashMap<>();
    broken.put("a", Tensor.zeros(3));
    broken.put("b", Tensor.of(gone, 3));
    assertThatThrownBy(() -> Safetensors.write(file, broken))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> NpyFolder.write(folder, broken))
        .isInstanceOf(IllegalStateException.class);
    assertSame(Safetensors.read(file).firstEntry().getValue(), tensor(3));
    assertSame(NpyFolder.read(folder).firstEntry().getValue(), tensor(3));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("w.safetensors", "a.npy", "b.npy");
    }
  }

  @Test
  void aMissingFolderIsNamed() {
    assertThatThrownBy(() -> Npy.write(folder.resolve("no/a.npy"), tensor(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no folder");
  }
}
