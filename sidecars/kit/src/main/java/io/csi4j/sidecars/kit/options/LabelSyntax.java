package io.csi4j.sidecars.kit.options;

import java.util.regex.Pattern;

/** What the API server takes as a label, so that a flag's mistake is told at the start. */
public final class LabelSyntax {
  private static final String NAME = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
  private static final Pattern KEY =
      Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?" + NAME);
  private static final Pattern VALUE = Pattern.compile("(" + NAME + ")?");

  private LabelSyntax() {}

  public static boolean isKey(String text) {
    return KEY.matcher(text).matches();
  }

  public static boolean isValue(String text) {
    return VALUE.matcher(text).matches();
  }
}
