package io.csi4j.e2e.sandbox.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * A key and a certificate for 127.0.0.1 and localhost that signs itself, made anew at each start.
 * TLS is needed because kubectl sends no token without it. The JDK can check certificates but not
 * write them, so the few lines of DER are here.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SelfSigned(KeyPair keys, byte[] certificate) {
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final String ECDSA_SHA256 = "06082A8648CE3D040302";
  private static final String COMMON_NAME = "0603550403";
  private static final String ALTERNATIVE_NAMES = "0603551D11";
  private static final String BASIC_CONSTRAINTS = "0603551D13";
  private static final int LINE_CHARACTERS = 64;

  static SelfSigned make() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    var keys = generator.generateKeyPair();
    var body = body(keys);
    var signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(keys.getPrivate());
    signer.update(body);
    var signature = der(0x03, new byte[] {0}, signer.sign());
    return new SelfSigned(keys, der(SEQUENCE, body, algorithm(), signature));
  }

  /** What kubeconfig files carry as certificate-authority-data, before it is encoded once more. */
  String pem() {
    var text =
        Base64.getMimeEncoder(LINE_CHARACTERS, new byte[] {'\n'}).encodeToString(certificate);
    return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n";
  }

  SSLContext context() throws GeneralSecurityException {
    var read =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate));
    var context = SSLContext.getInstance("TLS");
    // No key store, whose encryption takes longer than all the rest, and nobody to trust.
    context.init(new KeyManager[] {new OneKey(keys.getPrivate(), read)}, new TrustManager[0], null);
    return context;
  }

  private static byte[] body(KeyPair keys) {
    var version = der(0xA0, der(0x02, new byte[] {2}));
    // The key is new, so its hash is a serial number that no other certificate has.
    var serial = BigInteger.valueOf(Integer.toUnsignedLong(keys.getPublic().hashCode()) + 1);
    var name =
        der(SEQUENCE, der(SET, der(SEQUENCE, hex(COMMON_NAME), der(0x0C, ascii("csi4j-sandbox")))));
    var validity =
        der(SEQUENCE, der(0x17, ascii("200101000000Z")), der(0x17, ascii("491231235959Z")));
    return der(
        SEQUENCE,
        version,
        der(0x02, serial.toByteArray()),
        algorithm(),
        name,
        validity,
        name,
        keys.getPublic().getEncoded(),
        der(0xA3, der(SEQUENCE, constraints(), names())));
  }

  private static byte[] constraints() {
    var authority = der(SEQUENCE, der(0x01, new byte[] {(byte) 0xFF}));
    return der(
        SEQUENCE,
        hex(BASIC_CONSTRAINTS),
        der(0x01, new byte[] {(byte) 0xFF}),
        der(0x04, authority));
  }

  private static byte[] names() {
    var names = der(SEQUENCE, der(0x82, ascii("localhost")), der(0x87, new byte[] {127, 0, 0, 1}));
    return der(SEQUENCE, hex(ALTERNATIVE_NAMES), der(0x04, names));
  }

  private static byte[] algorithm() {
    return der(SEQUENCE, hex(ECDSA_SHA256));
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] der(int tag, byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (var part : parts) {
      content.writeBytes(part);
    }
    var out = new ByteArrayOutputStream();
    out.write(tag);
    var length = content.size();
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }
}
