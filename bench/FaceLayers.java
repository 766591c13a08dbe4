import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;

/**
 * Runs the face recognition network of the npm package @vladmandic/face-api (MIT) on the package's
 * sample photos. Writes its 3x3 layers of stride 1 with their real inputs, for gpu-validate
 * winograd:
 *
 * <pre>
 * npm pack @vladmandic/face-api && tar xzf vladmandic-face-api-*.tgz
 * java -cp jobs/target/sextant-spark.jar:jobs/target/spark/* bench/FaceLayers.java \
 *     package OUT.safetensors PHOTOS [LAYER...]
 * </pre>
 *
 * The middle square of each photo is scaled to 150 x 150, the input size of the network. Quantised
 * weights are byte x scale + min. The network is that of dlib: residual blocks of two 3x3
 * convolutions, each with a bias and a scale. Blocks named "down" begin with stride 2.
 */
public final class FaceLayers {
  private static final int SIDE = 150;
  private static final double[] MEAN = {122.782, 117.001, 104.298};
  private static final String[] BLOCKS = {
    "conv32_1", "conv32_2", "conv32_3", "conv64_down", "conv64_1", "conv64_2", "conv64_3",
    "conv128_down", "conv128_1", "conv128_2", "conv256_down", "conv256_1", "conv256_2",
    "conv256_down_out"
  };

  private final Map<String, float[]> values = new TreeMap<>();
  private final Map<String, int[]> shapes = new TreeMap<>();
  private final Map<String, List<float[][]>> inputs = new LinkedHashMap<>();

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    FaceLayers net = new FaceLayers();
    net.readWeights(folder.resolve("model"), "face_recognition_model");
    for (int photo = 1; photo <= Integer.parseInt(arguments[2]); photo++) {
      net.run(photo(folder.resolve("demo/sample" + photo + ".jpg").toFile()));
    }
    List<String> layers = new ArrayList<>(List.of(arguments).subList(3, arguments.length));
    if (layers.isEmpty()) {
      layers.addAll(net.inputs.keySet());
    }
    net.write(Path.of(arguments[1]), layers);
  }

  private void readWeights(Path folder, String name) throws Exception {
    JsonNode manifest =
        new ObjectMapper().readTree(folder.resolve(name + "-weights_manifest.json").toFile());
    ByteBuffer data =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name + ".bin")))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (JsonNode weight : manifest.get(0).get("weights")) {
      int[] shape = new int[weight.get("shape").size()];
      int count = 1;
      for (int i = 0; i < shape.length; i++) {
        shape[i] = weight.get("shape").get(i).asInt();
        count *= shape[i];
      }
      float[] all = new float[count];
      JsonNode quantised = weight.get("quantization");
      for (int i = 0; i < count; i++) {
        all[i] =
            quantised == null
                ? data.getFloat()
                : (float)
                    ((data.get() & 0xFF) * quantised.get("scale").asDouble()
                        + quantised.get("min").asDouble());
      }
      values.put(weight.get("name").asText(), all);
      shapes.put(weight.get("name").asText(), shape);
    }
  }

  private static float[][] photo(File file) throws Exception {
    BufferedImage photo = ImageIO.read(file);
    int square = Math.min(photo.getWidth(), photo.getHeight());
    BufferedImage scaled = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    var graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    int left = (photo.getWidth() - square) / 2;
    int top = (photo.getHeight() - square) / 2;
    graphics.drawImage(
        photo, 0, 0, SIDE, SIDE, left, top, left + square, top + square, null);
    float[][] channels = new float[3][SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) {
      int rgb = scaled.getRGB(i % SIDE, i / SIDE);
      for (int c = 0; c < 3; c++) {
        channels[c][i] = (float) ((((rgb >> (16 - 8 * c)) & 0xFF) - MEAN[c]) / 255);
      }
    }
    return channels;
  }

  private void run(float[][] image) {
    float[][] x = relu(convolve(image, "conv32_down", 2, false));
    x = maxPool(x);
    for (String block : BLOCKS) {
      boolean down = block.contains("down");
      float[][] first = relu(convolve(x, block + "/conv1", down ? 2 : 1, !down));
      float[][] out = convolve(first, block + "/conv2", 1, true);
      float[][] skip = down ? averagePool(x) : x;
      int side = side(out);
      int skipSide = side(skip);
      for (int c = 0; c < Math.min(skip.length, out.length); c++) {
        for (int row = 0; row < Math.min(side, skipSide); row++) {
          for (int column = 0; column < Math.min(side, skipSide); column++) {
            out[c][row * side + column] += skip[c][row * skipSide + column];
          }
        }
      }
      x = relu(out);
    }
  }

  private float[][] convolve(float[][] x, String name, int stride, boolean same) {
    String filters = name + "/conv/filters";
    int[] shape = shapes.get(filters);
    float[] w = values.get(filters);
    float[] bias = values.get(name + "/conv/bias");
    float[] scale = values.get(name + "/scale/weights");
    float[] shift = values.get(name + "/scale/biases");
    int size = shape[0];
    int in = shape[2];
    int out = shape[3];
    int side = side(x);
    if (stride == 1 && size == 3) {
      inputs.computeIfAbsent(name, key -> new ArrayList<>()).add(x);
    }
    int pad = same ? size / 2 : 0;
    int outSide = same ? side : (side - size) / stride + 1;
    float[][] y = new float[out][outSide * outSide];
    for (int o = 0; o < out; o++) {
      for (int row = 0; row < outSide; row++) {
        for (int column = 0; column < outSide; column++) {
          double sum = bias[o];
          for (int i = 0; i < size; i++) {
            int r = row * stride + i - pad;
            for (int j = 0; j < size; j++) {
              int s = column * stride + j - pad;
              if (r >= 0 && r < side && s >= 0 && s < side) {
                for (int c = 0; c < in; c++) {
                  sum += w[((i * size + j) * in + c) * out + o] * x[c][r * side + s];
                }
              }
            }
          }
          y[o][row * outSide + column] = (float) (sum * scale[o] + shift[o]);
        }
      }
    }
    return y;
  }

  private static int side(float[][] x) {
    return (int) Math.round(Math.sqrt(x[0].length));
  }

  private static float[][] relu(float[][] x) {
    for (float[] channel : x) {
      for (int i = 0; i < channel.length; i++) {
        channel[i] = Math.max(0, channel[i]);
      }
    }
    return x;
  }

  private static float[][] maxPool(float[][] x) {
    int side = side(x);
    int outSide = (side - 3) / 2 + 1;
    float[][] y = new float[x.length][outSide * outSide];
    for (int c = 0; c < x.length; c++) {
      for (int i = 0; i < y[c].length; i++) {
        float most = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < 9; k++) {
          int row = i / outSide * 2 + k / 3;
          most = Math.max(most, x[c][row * side + i % outSide * 2 + k % 3]);
        }
        y[c][i] = most;
      }
    }
    return y;
  }

  private static float[][] averagePool(float[][] x) {
    int side = side(x);
    int outSide = side / 2;
    float[][] y = new float[x.length][outSide * outSide];
    for (int c = 0; c < x.length; c++) {
      for (int i = 0; i < y[c].length; i++) {
        int from = i / outSide * 2 * side + i % outSide * 2;
        y[c][i] = (x[c][from] + x[c][from + 1] + x[c][from + side] + x[c][from + side + 1]) / 4;
      }
    }
    return y;
  }

  private void write(Path file, List<String> layers) throws Exception {
    Map<String, Object> header = new LinkedHashMap<>();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (String layer : layers) {
      int[] shape = shapes.get(layer + "/conv/filters");
      float[] w = values.get(layer + "/conv/filters");
      int in = shape[2];
      int out = shape[3];
      ByteBuffer weights = ByteBuffer.allocate(4 * w.length).order(ByteOrder.LITTLE_ENDIAN);
      for (int o = 0; o < out; o++) {
        for (int c = 0; c < in; c++) {
          for (int k = 0; k < 9; k++) {
            weights.putFloat(w[(k * in + c) * out + o]);
          }
        }
      }
      String name = layer.replace('/', '.');
      add(header, data, name + "/weight", out, in * 9, weights.array());
      List<float[][]> images = inputs.get(layer);
      int pixels = images.get(0)[0].length;
      ByteBuffer x =
          ByteBuffer.allocate(4 * images.size() * in * pixels).order(ByteOrder.LITTLE_ENDIAN);
      for (float[][] image : images) {
        for (float[] channel : image) {
          for (float value : channel) {
            x.putFloat(value);
          }
        }
      }
      add(header, data, name + "/activation", images.size() * in, pixels, x.array());
    }
    byte[] json = new ObjectMapper().writeValueAsBytes(header);
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length);
    try (var out = Files.newOutputStream(file)) {
      out.write(length.array());
      out.write(json);
      out.write(data.toByteArray());
    }
    System.out.println(file + ": " + new String(json, StandardCharsets.UTF_8).length());
  }

  private static void add(
      Map<String, Object> header,
      ByteArrayOutputStream data,
      String name,
      int rows,
      int columns,
      byte[] bytes) {
    header.put(
        name,
        Map.of(
            "dtype", "F32",
            "shape", List.of(rows, columns),
            "data_offsets", List.of(data.size(), data.size() + bytes.length)));
    data.writeBytes(bytes);
  }
}
