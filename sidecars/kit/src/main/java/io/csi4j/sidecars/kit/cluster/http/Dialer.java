package io.csi4j.sidecars.kit.cluster.http;

import io.csi4j.sidecars.kit.cluster.http.Access.Proxied;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Makes sockets that talk to the server: through proxies where there are some, and TLS. */
final class Dialer {
  private final Access access;

  Dialer(Access access) {
    this.access = access;
  }

  /**
   * What is to be spoken through. Each socket is shown to {@code holder} before it is used, who may
   * close it at any time.
   */
  Socket connect(Consumer<Socket> holder) throws IOException {
    var origin = access.origin();
    return switch (access.proxied()) {
      case Proxied.Direct() -> secured(any(origin.hostName(), origin.port(), holder));
      // The name is the proxy's to find: it may mean nothing here.
      case Proxied.Socks(var address) -> {
        var plain = new Socket(new Proxy(Proxy.Type.SOCKS, address));
        holder.accept(plain);
        yield secured(
            connected(plain, InetSocketAddress.createUnresolved(origin.hostName(), origin.port())));
      }
      case Proxied.Http(var address, var authorization) -> {
        var plain = any(address.getHostString(), address.getPort(), holder);
        if (origin.tls()) {
          tunnel(plain, authorization);
        }
        yield secured(plain);
      }
    };
  }

  /** A name may have addresses at which nobody answers. */
  private Socket any(String host, int port, Consumer<Socket> holder) throws IOException {
    var failure = new IOException(host + ": has no address");
    for (var address : InetAddress.getAllByName(host)) {
      var plain = new Socket();
      holder.accept(plain);
      try {
        return connected(plain, new InetSocketAddress(address, port));
      } catch (IOException e) {
        plain.close();
        failure = e;
      }
    }
    throw failure;
  }

  private Socket connected(Socket plain, InetSocketAddress address) throws IOException {
    plain.setOption(StandardSocketOptions.TCP_NODELAY, true);
    plain.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    plain.connect(address, millis());
    return plain;
  }

  private int millis() {
    return (int) access.connectTimeout().toMillis();
  }

  private void tunnel(Socket plain, String authorization) throws IOException {
    var to = access.origin().authority();
    var ask = new StringBuilder("CONNECT %s HTTP/1.1\r\nHost: %s\r\n".formatted(to, to));
    if (!authorization.isEmpty()) {
      ask.append("Proxy-Authorization: ").append(authorization).append("\r\n");
    }
    ask.append("\r\n");
    plain.getOutputStream().write(ask.toString().getBytes(StandardCharsets.ISO_8859_1));
    var in = new Incoming(plain.getInputStream());
    var head = Head.read(in);
    if (head.code() != 200) {
      throw new ConnectException("the proxy does not connect to %s: %d".formatted(to, head.code()));
    }
  }

  private Socket secured(Socket plain) throws IOException {
    var tls = access.tls();
    if (tls == null) {
      return plain;
    }
    var port = access.origin().port();
    var socket =
        (SSLSocket) tls.getSocketFactory().createSocket(plain, access.serverName(), port, true);
    socket.setSSLParameters(parameters(socket.getSSLParameters()));
    socket.startHandshake();
    return socket;
  }

  private SSLParameters parameters(SSLParameters parameters) {
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    if (access.verifiesHost()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    return parameters;
  }
}
