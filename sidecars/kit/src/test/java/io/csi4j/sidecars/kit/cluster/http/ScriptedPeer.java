package io.csi4j.sidecars.kit.cluster.http;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that says byte for byte what a test wants, as well as what no server should. */
final class ScriptedPeer implements AutoCloseable {
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  final List<String> requests = new CopyOnWriteArrayList<>();
  final AtomicInteger connections = new AtomicInteger();

  private final ServerSocket listening;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final Script script;

  /** What happens on each connection; it is closed when the script has ended. */
  @FunctionalInterface
  interface Script {
    void play(Talk talk) throws IOException, InterruptedException;
  }

  ScriptedPeer(Script script) throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
  }

  ScriptedPeer(ServerSocket listening, Script script) {
    this.listening = listening;
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  /** Answers each request with the same words, as often as it is asked. */
  static Script always(String answer) {
    return talk -> {
      while (true) {
        talk.request();
        talk.say(answer);
      }
    };
  }

  /** Answers the first request of each connection, and closes it. */
  static Script once(String answer) {
    return talk -> {
      talk.request();
      talk.say(answer);
    };
  }

  int port() {
    return listening.getLocalPort();
  }

  String address() {
    return "http://127.0.0.1:" + port();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        var socket = listening.accept();
        open.add(socket);
        var number = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> play(socket, number));
      } catch (IOException _) {
        // Closed; the loop ends.
      }
    }
  }

  private void play(Socket socket, int number) {
    try (socket) {
      script.play(new Talk(socket, number));
    } catch (IOException | UncheckedIOException _) {
      // The client has gone.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (var socket : open) {
      socket.close();
    }
  }

  /** One connection, seen from the server. */
  final class Talk {
    final int number;
    private final Socket socket;
    private final BufferedReader in;

    Talk(Socket socket, int number) throws IOException {
      this.socket = socket;
      this.number = number;
      this.in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    String request() throws IOException {
      var text = new StringBuilder();
      var length = 0;
      for (var line = in.readLine(); ; line = in.readLine()) {
        if (line == null) {
          throw new EOFException();
        }
        if (line.startsWith("Content-Length: ")) {
          length = Integer.parseInt(line.substring("Content-Length: ".length()));
        }
        text.append(line).append('\n');
        if (line.isEmpty()) {
          break;
        }
      }
      for (var i = 0; i < length; i++) {
        text.append((char) in.read());
      }
      requests.add(text.toString());
      return text.toString();
    }

    void say(String words) throws IOException {
      socket.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    }

    Socket socket() {
      return socket;
    }
  }
}
