package dev.sluice.samples.conformance;

import dev.sluice.compiler.*;
import dev.sluice.compiler.canon.Canon;
import dev.sluice.compiler.derive.Derive;
import dev.sluice.compiler.fuse.Fuse;
import dev.sluice.compiler.generate.Generate;
import dev.sluice.compiler.ir.*;
import dev.sluice.runtime.spi.CellProgram;
import java.util.*;

final class Cells {
  static final Map<String, Compiled> CACHE = new HashMap<>();

  static String text(String file) {
    String head = "cell " + file + "\ndim n = h\ndim m = x\ninput x: [m]\nstate h: [n]\n";
    switch (file) {
      case "rnn":
        return head
            + "param V: [n, m]\nparam W: [n, n]\nparam b_h: [n]\noutput h\nh: [n] = tanh(V @ x + W @ h[t-1] + b_h)\n";
      case "rnn_relu":
        return head
            + "param V: [n, m]\nparam W: [n, n]\nparam b_h: [n]\noutput h\nh: [n] = relu(V @ x + W @ h[t-1] + b_h)\n";
      case "lstm":
        {
          StringBuilder p = new StringBuilder(head + "state c: [n]\n"), e = new StringBuilder();
          for (String g : List.of("f", "i", "o", "c")) {
            p.append(
                "param W_" + g + ": [n, n]\nparam U_" + g + ": [n, m]\nparam b_" + g + ": [n]\n");
            String t = g.equals("c") ? "c_tilde" : g;
            e.append(
                t
                    + ": [n] = "
                    + (g.equals("c") ? "tanh" : "sigmoid")
                    + "(W_"
                    + g
                    + " @ h[t-1] + U_"
                    + g
                    + " @ x + b_"
                    + g
                    + ")\n");
          }
          return p + "output h\n" + e + "c: [n] = f * c[t-1] + i * c_tilde\nh: [n] = o * tanh(c)\n";
        }
      default:
        {
          StringBuilder p = new StringBuilder(head);
          for (String g : List.of("r", "z", "n"))
            p.append(
                "param W_i"
                    + g
                    + ": [n, m]\nparam W_h"
                    + g
                    + ": [n, n]\nparam b_i"
                    + g
                    + ": [n]\nparam b_h"
                    + g
                    + ": [n]\n");
          return p
              + "output h\nr: [n] = sigmoid(W_ir @ x + b_ir + W_hr @ h[t-1] + b_hr)\nz: [n] = sigmoid(W_iz @ x + b_iz + W_hz @ h[t-1] + b_hz)\nn: [n] = tanh(W_in @ x + b_in + r * (W_hn @ h[t-1] + b_hn))\nh: [n] = (1.0 - z) * n + z * h[t-1]\n";
        }
    }
  }

  static Compiled compiled(String file) {
    return CACHE.computeIfAbsent(
        file,
        f -> {
          Cell cell = IrParser.cell(text(f));
          Cell c = Canon.rewrite(cell);
          Adjoint a = Derive.reverse(c);
          Schedule s = Fuse.plan(a);
          Options o = Options.named(f);
          return new Compiled(
              cell, c, a, s, o, Generate.java(s, o.packageName(), o.className(), Map.of()));
        });
  }

  static CellProgram program(String file) {
    return compiled(file).load();
  }
}
