package dev.sluice.maven;

import dev.sluice.compiler.MemoryAmount;
import java.io.File;
import java.io.IOException;
import java.util.Map;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;

/// Generates a Java class for each `*.cell` file of a folder: `gru_reset_after.cell` becomes
/// `GruResetAfter`. Only files that changed are compiled again; classes of files that are gone are
/// removed; the same input gives the same bytes.
///
///     <plugin>
///       <groupId>dev.sluice</groupId>
///       <artifactId>sluice-maven-plugin</artifactId>
///       <executions><execution><goals><goal>generate</goal></goals></execution></executions>
///       <configuration>
///         <packageName>com.example.cells</packageName>
///         <sizes><lstm>x=65, h=256</lstm></sizes>
///       </configuration>
///     </plugin>
@Mojo(name = "generate", defaultPhase = LifecyclePhase.GENERATE_SOURCES, threadSafe = true)
public final class GenerateMojo extends AbstractMojo {
  /// Folder of the cells.
  @Parameter(property = "sluice.cells", defaultValue = "${project.basedir}/src/main/cells")
  private File cells;

  /// Root of the generated sources.
  @Parameter(defaultValue = "${project.build.directory}/generated-sources/cells")
  private File outputDirectory;

  /// Package of the generated classes.
  @Parameter(property = "sluice.packageName", defaultValue = "${project.groupId}.cells")
  private String packageName;

  /// Lengths to specialise a class to, by cell: `<lstm>x=65, h=256</lstm>`. Others stay open until
  /// the cell is loaded.
  @Parameter private Map<String, String> sizes = Map.of();

  /// Values of hyperparameters, by cell: `<echo>epsilon=0.1</echo>`.
  @Parameter private Map<String, String> settings = Map.of();

  /// σ and tanh within 2 ulp instead of 3e-7, in about 1.5 times the time.
  @Parameter(property = "sluice.precise", defaultValue = "false")
  private boolean precise;

  /// Limit of memory off the heap for a network of a cell, its weights and a session: `64m`, `2g`.
  @Parameter(property = "sluice.memory")
  private String memory = "";

  /// Generates nothing.
  @Parameter(property = "sluice.skip", defaultValue = "false")
  private boolean skip;

  @Parameter(defaultValue = "${project}", readonly = true, required = true)
  private MavenProject project;

  @Override
  public void execute() throws MojoExecutionException, MojoFailureException {
    if (skip) {
      return;
    }
    if (!cells.isDirectory()) {
      throw new MojoFailureException(
          "no folder %s: put cells there, or name another in <cells>".formatted(cells));
    }
    Generation generation =
        new Generation(
            cells.toPath(),
            outputDirectory.toPath(),
            packageName,
            sizes,
            settings,
            precise,
            limit());
    Generation.Result result;
    try {
      result = generation.run();
    } catch (IOException e) {
      throw new MojoExecutionException("cells can't be generated: " + e, e);
    }
    result.notes().forEach(getLog()::info);
    result.errors().forEach(getLog()::error);
    if (!result.errors().isEmpty()) {
      throw new MojoFailureException(
          result.errors().size() == 1
              ? "a cell does not compile: " + result.errors().getFirst()
              : "%d errors in cells".formatted(result.errors().size()));
    }
    getLog().info(result.summary());
    project.addCompileSourceRoot(outputDirectory.getAbsolutePath());
  }

  private long limit() throws MojoFailureException {
    try {
      return memory.isBlank() ? Long.MAX_VALUE : MemoryAmount.parse(memory);
    } catch (IllegalArgumentException e) {
      throw new MojoFailureException("<memory>: " + e.getMessage(), e);
    }
  }
}
