package io.csi4j.sidecars.kit.csi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.protobuf.Message;
import io.csi4j.sidecars.kit.doors.CsiCall;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of CSI calls agrees with the protocol. */
final class MethodsTest {

  @ParameterizedTest
  @MethodSource("calls")
  void given_a_call_when_its_descriptor_is_looked_up_then_the_types_are_the_calls(
      CsiCall<?, ?> call) {
    var method = Methods.of(call);

    assertEquals(call.fullName(), method.getFullMethodName());
    assertEquals(call.request(), prototype(method.getRequestMarshaller()).getClass());
    assertEquals(call.reply(), prototype(method.getResponseMarshaller()).getClass());
  }

  private static Message prototype(Object marshaller) {
    var known = assertInstanceOf(PrototypeMarshaller.class, marshaller);
    return assertInstanceOf(Message.class, known.getMessagePrototype());
  }

  static Stream<CsiCall<?, ?>> calls() {
    return Arrays.stream(CsiCall.class.getFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(
            field -> {
              try {
                return (CsiCall<?, ?>) field.get(null);
              } catch (IllegalAccessException e) {
                throw new AssertionError(e);
              }
            });
  }
}
