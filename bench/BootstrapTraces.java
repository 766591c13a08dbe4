import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.pack.SextantPackWriter;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.trace.format.TraceFormats;
import io.sextant.schema.trace.TraceSink;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Makes a larger trace set from a real one by a bootstrap of whole requests. Each new pack draws,
 * with replacement, as many requests as the pack that it is made from. The requests get new ids and
 * arrivals that differ by a few minutes; expert ids are not drawn. Days and hours keep their
 * traffic, so a set with ten times the requests has ten times the tokens in the same days.
 *
 * <p>With a wider model, the requests become requests of that model. If it has n times the experts
 * of the real model, each of its layers takes the ids of a token in turn from n real layers. The
 * ids of each real layer are shifted by the experts of the layers before it, and then all ids of
 * the layer are renamed at random.
 *
 * <pre>
 * java -cp SEXTANT_AND_SPARK_JARS bench/BootstrapTraces.java PACKS MODEL TIMES OUT [SEED [WIDER]]
 * </pre>
 */
final class BootstrapTraces {
  private static final long MOST_SHIFT_MILLIS = 300_000;
  private static final long MILLIS_PER_DAY = 86_400_000;

  private BootstrapTraces() {}

  public static void main(String[] args) throws Exception {
    ModelSpec model = ModelSpecs.load(args[1]);
    int times = Integer.parseInt(args[2]);
    Path out = Files.createDirectories(Path.of(args[3]));
    long seed = args.length > 4 ? Long.parseLong(args[4]) : 1;
    ModelSpec made = args.length > 5 ? ModelSpecs.load(args[5]) : model;
    int[] layers = made.moeLayers().stream().mapToInt(Integer::intValue).toArray();
    short[][] names = names(made, seed);
    List<Path> packs;
    try (Stream<Path> found = Files.list(Path.of(args[0]))) {
      packs = found.filter(file -> file.toString().contains(".safetensors")).sorted().toList();
    }
    long nextId = 1L << 40;
    long requests = 0;
    long tokens = 0;
    for (int p = 0; p < packs.size(); p++) {
      List<RequestTrace> real = read(packs.get(p), model);
      for (int copy = 0; copy < times; copy++) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + p * 10_007L + copy);
        List<RequestTrace> drawn = new ArrayList<>();
        for (int i = 0; i < real.size(); i++) {
          RequestTrace request = again(real.get(random.nextInt(real.size())), nextId++, random);
          drawn.add(made == model ? request : wider(request, model, made, layers, names));
        }
        drawn.sort(Comparator.comparingLong(RequestTrace::arrivalMillis));
        String name = TraceFiles.source(packs.get(p).toString());
        write(out.resolve("%s-%03d.safetensors".formatted(name, copy)), made, drawn);
        requests += drawn.size();
        tokens += drawn.stream().mapToLong(RequestTrace::tokens).sum();
      }
    }
    System.out.printf("%,d requests, %,d tokens in %s%n", requests, tokens, out);
  }

  private static List<RequestTrace> read(Path pack, ModelSpec model) throws Exception {
    List<RequestTrace> requests = new ArrayList<>();
    TraceFormats.detect(TraceFiles.local(pack))
        .read(
            TraceFiles.local(pack),
            model,
            new TraceSink() {
              @Override
              public void accept(RequestTrace request) {
                requests.add(request);
              }

              @Override
              public void counts(LoadCounts counts) {
                throw new IllegalArgumentException(pack + " only counts");
              }

              @Override
              public void reject(long row, String reason) {
                throw new IllegalArgumentException(pack + ": request " + row + ": " + reason);
              }
            });
    return requests;
  }

  private static RequestTrace again(RequestTrace request, long id, SplittableRandom random) {
    long shifted =
        request.arrivalMillis() + random.nextLong(-MOST_SHIFT_MILLIS, MOST_SHIFT_MILLIS + 1);
    long day = Math.floorDiv(request.arrivalMillis(), MILLIS_PER_DAY) * MILLIS_PER_DAY;
    return new RequestTrace(
        id,
        Math.max(day, Math.min(day + MILLIS_PER_DAY - 1, shifted)),
        request.domain(),
        request.sourceRank(),
        request.prefillTokens(),
        request.decodeTokens(),
        request.unphasedTokens(),
        request.topK(),
        request.layers(),
        request.experts());
  }

  /** Shape [layers][experts]: each layer's experts in a random order. */
  private static short[][] names(ModelSpec model, long seed) {
    short[][] names = new short[model.moeLayers().size()][model.experts()];
    SplittableRandom random = new SplittableRandom(seed);
    for (short[] layer : names) {
      for (int e = 0; e < layer.length; e++) {
        int other = random.nextInt(e + 1);
        layer[e] = layer[other];
        layer[other] = (short) e;
      }
    }
    return names;
  }

  private static RequestTrace wider(
      RequestTrace request, ModelSpec model, ModelSpec made, int[] layers, short[][] names) {
    int parts = made.experts() / model.experts();
    short[][] experts = new short[names.length][];
    for (int l = 0; l < names.length; l++) {
      short[] ids = request.experts()[0].clone();
      for (int i = 0; i < ids.length; i++) {
        int part = i % request.topK() % parts;
        short[] real = request.experts()[(l + part) % request.experts().length];
        ids[i] = names[l][part * model.experts() + real[i]];
      }
      experts[l] = ids;
    }
    return new RequestTrace(
        request.requestId(),
        request.arrivalMillis(),
        request.domain(),
        request.sourceRank(),
        request.prefillTokens(),
        request.decodeTokens(),
        request.unphasedTokens(),
        request.topK(),
        layers,
        experts);
  }

  private static void write(Path pack, ModelSpec model, List<RequestTrace> requests)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(pack), 1 << 20)) {
      SextantPackWriter.write(out, model, requests);
    }
  }
}
