import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.server.namenode.AuditLogger;

/**
 * Storage on loopback for bin/object-store-test, which can end its client with SIGKILL at a chosen operation.
 *
 *   java -cp 'servers/*:classes' StoreServers gate CONTROL PORT TARGET   passes connections to the HTTP server of port TARGET
 *   java -cp 'servers/*:classes' StoreServers hdfs CONTROL PORT FOLDER   an HDFS of one name node and one data node
 *
 * The file CONTROL says what happens to an operation. For the gate this is the first line of a request, for HDFS what the name
 * node's audit log says of it. If there is no such file, operations are only logged, to standard output.
 *
 *   kill PID N REGEX   ends the process at the N-th operation that REGEX matches: before it for the gate, after it for HDFS
 *   deny               answers every request with 403 and InvalidAccessKeyId (gate only)
 *   silent             answers no request (gate only)
 */
final class StoreServers {
  private static final Pattern REQUEST = Pattern.compile("^(GET|HEAD|PUT|POST|DELETE) /\\S*");
  private static final String DENIED =
      "<?xml version=\"1.0\"?><Error><Code>InvalidAccessKeyId</Code>"
          + "<Message>The AWS Access Key Id you provided does not exist in our records.</Message></Error>";

  private final Path control;
  private String order = "";
  private int matches;

  private StoreServers(Path control) {
    this.control = control;
  }

  public static void main(String[] args) throws Exception {
    StoreServers servers = new StoreServers(Path.of(args[1]));
    int port = Integer.parseInt(args[2]);
    if (args[0].equals("hdfs")) {
      servers.hdfs(port, args[3]);
    } else {
      servers.gate(port, Integer.parseInt(args[3]));
    }
  }

  /** Logs an operation and obeys the control file; returns its first word, or an empty text. */
  private synchronized String obey(String operation) throws IOException {
    String read;
    try {
      read = Files.readString(control).strip();
    } catch (NoSuchFileException e) {
      read = "";
    }
    if (!read.equals(order)) {
      order = read;
      matches = 0;
    }
    System.out.println(operation);
    List<String> words = List.of(order.split(" ", 4));
    if (words.get(0).equals("kill") && Pattern.compile(words.get(3)).matcher(operation).find()) {
      matches++;
      if (matches == Integer.parseInt(words.get(2))) {
        ProcessHandle.of(Long.parseLong(words.get(1))).ifPresent(ProcessHandle::destroyForcibly);
        System.out.println("KILLED at " + operation);
        return "kill";
      }
    }
    return words.get(0).equals("kill") ? "" : words.get(0);
  }

  private void hdfs(int port, String folder) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder);
    Audit.servers = this;
    configuration.set("dfs.namenode.audit.loggers", Audit.class.getName());
    MiniDFSCluster cluster =
        new MiniDFSCluster.Builder(configuration).nameNodePort(port).numDataNodes(1).build();
    cluster.waitActive();
    System.out.println("ready");
  }

  /** Made by the name node. */
  public static final class Audit implements AuditLogger {
    private static volatile StoreServers servers;

    @Override
    public void initialize(Configuration configuration) {}

    @Override
    public void logAuditEvent(
        boolean allowed, String user, InetAddress from, String command, String source, String target, FileStatus status) {
      try {
        servers.obey(command + " " + source + (target == null ? "" : " to " + target));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void gate(int port, int target) throws IOException {
    try (ServerSocket server = new ServerSocket()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      System.out.println("ready");
      while (true) {
        Socket client = server.accept();
        start(() -> serve(client, target));
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One of the two sides has closed the connection.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket client, int target) throws IOException {
    try (client;
        Socket store = new Socket(InetAddress.getLoopbackAddress(), target)) {
      start(() -> {
        store.getInputStream().transferTo(client.getOutputStream());
        client.close();
      });
      InputStream in = client.getInputStream();
      OutputStream out = store.getOutputStream();
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
        var request = REQUEST.matcher(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
        String what = request.find() ? obey(request.group()) : "";
        if (what.equals("deny")) {
          client.getOutputStream().write(denied(request.group(1)));
          return;
        }
        if (what.equals("kill")) {
          return;
        }
        if (!what.equals("silent")) {
          out.write(buffer, 0, read);
          out.flush();
        }
      }
    }
  }

  private static byte[] denied(String method) {
    String head =
        "HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
            .formatted(DENIED.length());
    return (head + (method.equals("HEAD") ? "" : DENIED)).getBytes(StandardCharsets.US_ASCII);
  }
}
