package io.csi4j.deploy.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a program or library asks the dynamic loader for. Read from the file itself, 64 bits, little
 * endian: ldd would run the loader of the building machine, and only for its own processor.
 */
record ElfFile(List<String> needed, String interpreter) {
  private static final int MAGIC = 0x464c457f;
  private static final int CLASS_64_LITTLE_ENDIAN = 0x0102;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final int DT_NULL = 0;
  private static final int DT_NEEDED = 1;
  private static final int DT_STRTAB = 5;

  private record Segment(int type, long offset, long address, long sizeBytes) {}

  /** Empty where the file is something else. */
  static Optional<ElfFile> read(Path file) throws IOException {
    if (Files.size(file) < 64) {
      return Optional.empty();
    }
    var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt(0) != MAGIC || bytes.getShort(4) != CLASS_64_LITTLE_ENDIAN) {
      return Optional.empty();
    }
    var segments = segments(bytes);
    var interpreter =
        segments.stream()
            .filter(segment -> segment.type() == PT_INTERP)
            .map(segment -> text(bytes, segment.offset()))
            .findFirst();
    return Optional.of(new ElfFile(needed(bytes, segments), interpreter.orElse("")));
  }

  private static List<Segment> segments(ByteBuffer bytes) {
    var at = (int) bytes.getLong(32);
    var size = bytes.getShort(54);
    var count = bytes.getShort(56);
    var segments = new ArrayList<Segment>();
    for (var i = 0; i < count; i++, at += size) {
      segments.add(
          new Segment(
              bytes.getInt(at),
              bytes.getLong(at + 8),
              bytes.getLong(at + 16),
              bytes.getLong(at + 32)));
    }
    return segments;
  }

  private static List<String> needed(ByteBuffer bytes, List<Segment> segments) {
    var names = new ArrayList<Long>();
    var strings = 0L;
    for (var segment : segments) {
      if (segment.type() != PT_DYNAMIC) {
        continue;
      }
      var end = segment.offset() + segment.sizeBytes();
      for (var at = (int) segment.offset(); at < end && bytes.getLong(at) != DT_NULL; at += 16) {
        if (bytes.getLong(at) == DT_NEEDED) {
          names.add(bytes.getLong(at + 8));
        } else if (bytes.getLong(at) == DT_STRTAB) {
          strings = offset(bytes.getLong(at + 8), segments);
        }
      }
    }
    var table = strings;
    return names.stream().map(name -> text(bytes, table + name)).toList();
  }

  /** Where in the file is what will be at an address. */
  private static long offset(long address, List<Segment> segments) {
    for (var segment : segments) {
      if (segment.type() == PT_LOAD
          && address >= segment.address()
          && address < segment.address() + segment.sizeBytes()) {
        return address - segment.address() + segment.offset();
      }
    }
    throw new IllegalStateException("no segment holds address " + address);
  }

  private static String text(ByteBuffer bytes, long at) {
    var end = (int) at;
    while (bytes.get(end) != 0) {
      end++;
    }
    var characters = new byte[end - (int) at];
    bytes.get((int) at, characters);
    return new String(characters, StandardCharsets.US_ASCII);
  }
}
