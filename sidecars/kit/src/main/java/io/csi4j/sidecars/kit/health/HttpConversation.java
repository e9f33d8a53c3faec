package io.csi4j.sidecars.kit.health;

import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a client: a question, its answer, the next question. */
final class HttpConversation extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger log = LoggerFactory.getLogger(HttpConversation.class);

  private final Map<String, Supplier<Answer>> routes;
  private final Time time;

  /** What is being answered; belongs to the event loop. */
  private @Nullable Making making;

  HttpConversation(Map<String, Supplier<Answer>> routes, Time time) {
    this.routes = routes;
    this.time = time;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (making != null || !request.decoderResult().isSuccess()) {
      // Neither garbage nor a second question before the first one's answer is worth an answer.
      var unused = context.close();
      return;
    }
    var path = new QueryStringDecoder(request.uri()).path();
    var headOnly = request.method().equals(HttpMethod.HEAD);
    var next = new Making();
    making = next;
    time.spawn(
        "http",
        () -> {
          var answer = next.make(() -> answer(path));
          context.executor().execute(() -> send(context, answer, headOnly));
        });
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    if (making != null) {
      making.stop();
    }
    super.channelInactive(context);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.atDebug().addKeyValue("reason", cause).log("closed an HTTP connection");
    var unused = context.close();
  }

  private void send(ChannelHandlerContext context, Answer answer, boolean headOnly) {
    making = null;
    var body = answer.body().getBytes(StandardCharsets.UTF_8);
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            headOnly ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    var unused = context.writeAndFlush(response);
  }

  /** The outermost frame of a request's thread: a bug in a route is no reason to hang up. */
  private Answer answer(String path) {
    var route = routes.get(path);
    if (route == null) {
      return Answer.text(404, "404 page not found");
    }
    try {
      return route.get();
    } catch (RuntimeException e) {
      log.atError().setCause(e).addKeyValue("path", path).log("an HTTP request failed");
      return Answer.text(500, "internal error: " + e.getMessage());
    }
  }

  /** The making of one answer, which ends early when nobody waits for it any more. */
  private static final class Making {

    // Both are guarded by this object.
    private @Nullable Thread thread;
    private boolean stopped;

    Answer make(Supplier<Answer> answer) {
      synchronized (this) {
        thread = Thread.currentThread();
        if (stopped) {
          thread.interrupt();
        }
      }
      try {
        return answer.get();
      } finally {
        synchronized (this) {
          thread = null;
        }
      }
    }

    synchronized void stop() {
      stopped = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
