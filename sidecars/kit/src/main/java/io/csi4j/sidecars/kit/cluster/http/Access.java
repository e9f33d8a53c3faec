package io.csi4j.sidecars.kit.cluster.http;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpClient.ProxyType;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How the server is reached: what a kubeconfig says about addresses, certificates and proxies is
 * read by fabric8, as for a client of its own.
 */
record Access(
    Origin origin,
    @Nullable SSLContext tls,
    String serverName,
    boolean verifiesHost,
    Proxied proxied,
    Duration connectTimeout,
    Credentials credentials) {

  /** What stands between us and the server. */
  sealed interface Proxied {
    record Direct() implements Proxied {}

    record Socks(InetSocketAddress address) implements Proxied {}

    /** The authorization is empty where none is asked for. */
    record Http(InetSocketAddress address, String authorization) implements Proxied {}
  }

  static Access of(Config config) {
    var survey = new Survey();
    HttpClientUtils.applyCommonConfiguration(config, survey, survey.getClientFactory());
    var proxied = survey.proxied();
    var tls = config.getMasterUrl().startsWith("https");
    var origin = Origin.of(config.getMasterUrl(), !tls && proxied instanceof Proxied.Http);
    var name = survey.getTlsServerName();
    return new Access(
        origin,
        tls ? survey.getSslContext() : null,
        name == null || name.isEmpty() ? origin.hostName() : name,
        !config.isTrustCerts() && !config.isDisableHostnameVerification(),
        proxied,
        survey.getConnectTimeout(),
        new Credentials(survey.credentials(config), config.getRequestConfig()));
  }

  /** Is told what any client of fabric8's is told, and becomes none. */
  private static final class Survey
      extends StandardHttpClientBuilder<HttpClient, JdkHttpClientFactory, Survey> {
    /** Impersonation and tokens; the others are for requests that we don't make. */
    private static final List<String> CREDENTIALS = List.of("IMPERSONATOR", "TOKEN");

    Survey() {
      super(new JdkHttpClientFactory());
    }

    Proxied proxied() {
      var address = getProxyAddress();
      var type = getProxyType();
      if (address == null || type == null || type == ProxyType.DIRECT) {
        return new Proxied.Direct();
      }
      var authorization = getProxyAuthorization();
      return type == ProxyType.HTTP
          ? new Proxied.Http(address, authorization == null ? "" : authorization)
          : new Proxied.Socks(address);
    }

    List<Interceptor> credentials(Config config) {
      var found = new ArrayList<Interceptor>();
      for (var name : CREDENTIALS) {
        var interceptor = getInterceptors().get(name);
        if (interceptor != null && !(name.equals("TOKEN") && hasNoToken(config))) {
          found.add(interceptor);
        }
      }
      return found;
    }

    /**
     * Who has a certificate, or nothing at all, has no token that could grow old; fabric8 would
     * look for one by parsing the whole kubeconfig before each request.
     */
    private static boolean hasNoToken(Config config) {
      return config.getOauthTokenProvider() == null
          && config.getOauthToken() == null
          && config.getAutoOAuthToken() == null
          && config.getAuthProvider() == null
          && config.getUsername() == null;
    }

    @Override
    protected Survey newInstance(JdkHttpClientFactory factory) {
      return new Survey();
    }

    @Override
    public HttpClient build() {
      throw new UnsupportedOperationException("only asked, never built");
    }
  }
}
