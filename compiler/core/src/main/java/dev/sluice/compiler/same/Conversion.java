package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.same.Head.Weight;
import dev.sluice.compiler.same.Normal.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Parameters of the second cell from those of the first.
///
/// Where several pieces are one weight of the normal form (two biases), the first gets all and the
/// others 0. So do parameters that the second cell's output doesn't depend on.
public final class Conversion {
  private final Cell second;
  private final Normal of;
  private final Normal to;
  private final Map<Weight, Weight> weights;
  private final Map<String, String> dimensions;
  private final Map<Symbol, Symbol> inputs;

  /// @param of normal form of the first cell, whose weights are the keys of `weights`
  /// @param to normal form of the second
  /// @param dimensions of the second cell to those of the first
  /// @param inputs of the first cell to those of the second
  Conversion(
      Normal of,
      Normal to,
      Map<Weight, Weight> weights,
      Map<String, String> dimensions,
      Map<Symbol, Symbol> inputs) {
    this.second = to.form().cell();
    this.of = of;
    this.to = to;
    this.weights = weights;
    this.dimensions = dimensions;
    this.inputs = inputs;
  }

  /// Inputs of the second cell by those of the first, plain names. An input that doesn't matter has
  /// no partner.
  public Map<String, String> inputs() {
    Map<String, String> names = new LinkedHashMap<>();
    inputs.forEach((x, y) -> names.put(x.plain(), y.plain()));
    return names;
  }

  /// The matching as lines: `W_u = −W_z`, `b = b_i + b_h`, pieces by their first row.
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    weights.forEach(
        (a, b) -> {
          List<Part> left = to.weights().getOrDefault(b, List.of());
          double scale = 1 / left.getFirst().factor();
          boolean turned = left.getFirst().transposed();
          lines.add(
              sum(left, scale, turned)
                  + " = "
                  + sum(of.weights().getOrDefault(a, List.of()), scale, turned));
        });
    return lines;
  }

  private static String sum(List<Part> parts, double scale, boolean turned) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      double factor = part.factor() * scale;
      String sign = factor < 0 ? "−" : text.isEmpty() ? "" : "+";
      double size = Math.abs(factor);
      text.append(text.isEmpty() ? sign : " " + sign + " ");
      text.append(size == 1 ? "" : size + " ").append(name(part.piece()));
      text.append(part.transposed() == turned ? "" : "ᵀ");
    }
    return text.toString();
  }

  private static String name(Weight piece) {
    String rows =
        piece.row().terms().isEmpty() && piece.row().constant() == 0 ? "" : piece.row() + "";
    String columns =
        piece.column().terms().isEmpty() && piece.column().constant() == 0
            ? ""
            : ", " + piece.column();
    boolean whole = rows.isEmpty() && columns.isEmpty();
    return piece.symbol().display()
        + (whole ? "" : "[" + (rows.isEmpty() ? "0" : rows) + columns + "…]");
  }

  /// @param given all parameters of the first cell by plain name
  /// @param sizes of the first cell's dimensions
  /// @param sizesOfSecond of the second one's
  /// @param others values of weights of the second cell that no weight of the first stands for
  Map<String, Array> convert(
      Map<String, Array> given,
      Map<String, Integer> sizes,
      Map<String, Integer> sizesOfSecond,
      Map<Weight, double[]> others) {
    Map<String, double[]> result = new LinkedHashMap<>();
    for (Cell.Parameter p : second.parameters()) {
      result.put(p.symbol().plain(), new double[Array.size(p.shape(), sizesOfSecond)]);
    }
    Map<Weight, double[]> values = new LinkedHashMap<>(others);
    weights.forEach((a, b) -> values.put(b, value(a, given, sizes)));
    values.forEach((weight, value) -> write(weight, value, result, sizesOfSecond));
    Map<String, Array> arrays = new LinkedHashMap<>();
    for (Cell.Parameter p : second.parameters()) {
      double[] data = result.getOrDefault(p.symbol().plain(), new double[0]);
      arrays.put(p.symbol().plain(), Array.of(p.shape(), sizesOfSecond, data));
    }
    return arrays;
  }

  /// Parameters of the second cell.
  ///
  /// @param given all parameters of the first cell by plain name
  /// @param sizes of the first cell, by variable or dimension name
  public Map<String, Array> convert(Map<String, Array> given, Map<String, Integer> sizes) {
    return convert(given, of.form().cell().sizes(sizes), sizesOfSecond(sizes), Map.of());
  }

  /// Sizes of the second cell's dimensions.
  ///
  /// @param sizes of the first cell, by variable or dimension name
  public Map<String, Integer> sizesOfSecond(Map<String, Integer> sizes) {
    Map<String, Integer> ofFirst = of.form().cell().sizes(sizes);
    Map<String, Integer> result = new LinkedHashMap<>();
    second
        .dimensions()
        .keySet()
        .forEach(d -> result.put(d, ofFirst.getOrDefault(dimensions.getOrDefault(d, d), 1)));
    return result;
  }

  /// Rows, columns and where they start.
  private record Place(int rows, int columns, int row, int column, int width) {
    int at(int i, int j) {
      return (row + i) * width + column + j;
    }
  }

  private static Place place(Weight w, Cell cell, Map<String, Integer> sizes) {
    Shape whole =
        cell.parameters().stream()
            .filter(p -> p.symbol().equals(w.symbol()))
            .findFirst()
            .orElseThrow()
            .shape();
    return new Place(
        Pieces.rows(w.shape()).value(sizes),
        Pieces.columns(w.shape()).value(sizes),
        w.row().value(sizes),
        w.column().value(sizes),
        Pieces.columns(whole).value(sizes));
  }

  private double[] value(Weight w, Map<String, Array> given, Map<String, Integer> sizes) {
    Place size = place(w, of.form().cell(), sizes);
    double[] sum = new double[size.rows * size.columns];
    for (Part part : of.weights().getOrDefault(w, List.of())) {
      Place place = place(part.piece(), of.form().cell(), sizes);
      Array array = given.get(part.piece().symbol().plain());
      if (array == null) {
        throw new IllegalArgumentException(
            "the parameter %s is missing".formatted(part.piece().symbol()));
      }
      for (int i = 0; i < place.rows; i++) {
        for (int j = 0; j < place.columns; j++) {
          int at = part.transposed() ? j * place.rows + i : i * place.columns + j;
          sum[at] += part.factor() * array.at(place.at(i, j));
        }
      }
    }
    return sum;
  }

  private void write(
      Weight w, double[] value, Map<String, double[]> result, Map<String, Integer> sizes) {
    Part part = to.weights().getOrDefault(w, List.of()).getFirst();
    Place place = place(part.piece(), second, sizes);
    double[] target = result.getOrDefault(part.piece().symbol().plain(), new double[0]);
    for (int i = 0; i < place.rows; i++) {
      for (int j = 0; j < place.columns; j++) {
        int at = part.transposed() ? j * place.rows + i : i * place.columns + j;
        target[place.at(i, j)] = value[at] / part.factor();
      }
    }
  }
}
