package io.csi4j.sidecars.kit.cluster.http;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;

/**
 * Asks one server. Nothing is asked twice that may have been done once: only a request that changes
 * nothing is repeated, and only where the server had closed the connection before it came.
 */
public final class HttpTransport implements AutoCloseable {
  private final Access access;
  private final String userAgent;
  private final Connections connections;

  public HttpTransport(Config config, String userAgent) {
    this.access = Access.of(config);
    this.userAgent = "User-Agent: " + userAgent + "\r\n";
    this.connections = new Connections(new Dialer(access));
  }

  /** The answer as it begins; the limit is for all of it, to the end of its body. */
  public Answer ask(Request request, Duration limit) throws IOException {
    var answer = ask(request, access.credentials().headers(), limit);
    if (answer.code() != HttpURLConnection.HTTP_UNAUTHORIZED) {
      return answer;
    }
    var renewed = access.credentials().renewed(answer.code());
    if (renewed.isEmpty()) {
      return answer;
    }
    answer.close();
    return ask(request, renewed.get(), limit);
  }

  private Answer ask(Request request, String credentials, Duration limit) throws IOException {
    var bytes = request.bytes(access.origin(), userAgent + credentials);
    var lent = connections.take(limit);
    try {
      return exchange(lent.connection(), bytes, limit);
    } catch (IOException e) {
      if (!lent.used() || lent.connection().isOverdue() || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      connections.discardIdle();
      if (!request.isSafe()) {
        throw e;
      }
      return exchange(connections.fresh(limit).connection(), bytes, limit);
    }
  }

  private Answer exchange(Connection connection, byte[] request, Duration limit)
      throws IOException {
    var answered = false;
    try {
      connection.write(request);
      var head = Head.read(connection.in());
      var lender = new Lender(connection, head.keepsOpen(), limit);
      answered = true;
      return new Answer(
          head.code(), head.retryAfter(), new Body(connection.in(), head.length(), lender));
    } catch (IOException e) {
      throw Connections.explained(connection, limit, e);
    } finally {
      if (!answered) {
        connections.discard(connection);
      }
    }
  }

  private final class Lender implements Body.Lender {
    private final Connection connection;
    private final boolean reusable;
    private final Duration limit;

    Lender(Connection connection, boolean reusable, Duration limit) {
      this.connection = connection;
      this.reusable = reusable;
      this.limit = limit;
    }

    @Override
    public void takeBack(boolean atEnd) {
      if (atEnd && reusable) {
        connections.giveBack(connection);
      } else {
        connections.discard(connection);
      }
    }

    @Override
    public IOException explained(IOException failure) {
      return Connections.explained(connection, limit, failure);
    }
  }

  /** How many connections there are, at work and idle. */
  int connections() {
    return connections.open();
  }

  @Override
  public void close() {
    connections.close();
  }
}
