package io.csi4j.driver.framework.journal;

import io.csi4j.driver.framework.syscall.NativeThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A map from key to fields that survives a crash at any moment. A change is on the disk when the
 * method that makes it returns; but for notes, which are the kernel's by then, and so survive our
 * death, not the machine's.
 *
 * <p><b>Group commit.</b> A change joins the list of those that wait, then its caller waits for the
 * flush lock. Who gets the lock writes everything that waits in one go and flushes once; who gets
 * it later mostly finds the own change written.
 *
 * <p><b>Generations.</b> The journal grows; when it is much larger than what it says, the next
 * generation begins: a new file with one line per key, complete before it gets its name. The one
 * before is kept.
 *
 * <p><b>Damage.</b> A line that does not match its checksum is skipped. At the end of the file that
 * is a change that was never acknowledged; anywhere else the disk has lost it, and the lines behind
 * it are still worth having. Opening begins a new generation, so nothing is ever appended behind
 * damage.
 */
public final class JournaledMap implements AutoCloseable {
  private final NativeThreads threads;

  /**
   * Orders batches; held while one is written. Guards {@link #files}, {@link #writtenTo}, {@link
   * #flushedTo} and {@link #failure}.
   */
  private final ReentrantLock flushing = new ReentrantLock();

  private final JournalFiles files;
  private final int damagedLines;
  private long writtenTo;
  private long flushedTo;
  private @Nullable JournalFailure failure;

  /** Guards the fields below; held for moments only. */
  private final Object state = new Object();

  private final SortedMap<String, SortedMap<String, String>> entries;
  private List<JournalLine> waiting = new ArrayList<>();

  /** Whether one of those that wait has to be on the disk. */
  private boolean flushWanted;

  private long sequence;

  private JournaledMap(JournalFiles files, JournalFiles.Contents contents, NativeThreads threads) {
    this.files = files;
    this.threads = threads;
    this.damagedLines = contents.damagedLines();
    this.entries = contents.entries();
    this.sequence = contents.lastSequence();
    this.writtenTo = contents.lastSequence();
    this.flushedTo = contents.lastSequence();
  }

  /**
   * Reads what {@code folder} holds, or begins there. Only one process may do so at a time; the
   * caller sees to that.
   */
  public static JournaledMap open(Path folder, NativeThreads threads) throws IOException {
    var contents = JournalFiles.read(folder);
    return new JournaledMap(new JournalFiles(folder, contents), contents, threads);
  }

  /** A copy of all entries, by key. */
  public SortedMap<String, SortedMap<String, String>> entries() {
    synchronized (state) {
      return new TreeMap<>(entries);
    }
  }

  /** Lines that did not match their checksum when the journal was opened. */
  public int damagedLines() {
    return damagedLines;
  }

  /** Sets the fields of {@code key}, durably. */
  public void put(String key, SortedMap<String, String> fields) {
    commit(key, new TreeMap<>(fields), Lasting.MACHINE);
  }

  /** Forgets {@code key}, durably. */
  public void remove(String key) {
    commit(key, null, Lasting.MACHINE);
  }

  /**
   * Sets the fields of {@code key} for what is about this run of the machine, such as a mount: a
   * restart of the machine may forget it, one of this process does not.
   */
  public void note(String key, SortedMap<String, String> fields) {
    commit(key, new TreeMap<>(fields), Lasting.PROCESS);
  }

  /** Forgets {@code key}, in the same way. */
  public void dropNote(String key) {
    commit(key, null, Lasting.PROCESS);
  }

  /** Null while the journal can be written. */
  public @Nullable String problem() {
    flushing.lock();
    try {
      return failure == null ? null : failure.getMessage();
    } finally {
      flushing.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    flushing.lock();
    try {
      files.close();
    } finally {
      flushing.unlock();
    }
  }

  /** Whose death a change outlives. */
  private enum Lasting {
    PROCESS,
    MACHINE
  }

  private void commit(String key, @Nullable SortedMap<String, String> fields, Lasting lasting) {
    long mine;
    synchronized (state) {
      mine = ++sequence;
      waiting.add(new JournalLine(mine, key, fields));
      flushWanted |= lasting == Lasting.MACHINE;
    }
    flushing.lock();
    try {
      if (failure != null) {
        throw failure;
      }
      var done =
          switch (lasting) {
            case PROCESS -> writtenTo >= mine;
            case MACHINE -> flushedTo >= mine;
          };
      if (!done) {
        threads.call(this::writeWaiting);
      }
    } finally {
      flushing.unlock();
    }
  }

  /** Runs with {@link #flushing} held by the caller, who waits for us. */
  private boolean writeWaiting() {
    List<JournalLine> batch;
    boolean flush;
    synchronized (state) {
      batch = waiting;
      waiting = new ArrayList<>();
      flush = flushWanted;
      flushWanted = false;
    }
    try {
      files.append(batch);
      if (flush) {
        files.flush();
      }
      synchronized (state) {
        batch.forEach(line -> JournalFiles.apply(line, entries));
      }
      if (files.worthCompacting()) {
        files.beginGeneration(entries());
      }
    } catch (IOException cause) {
      failure = new JournalFailure("could not write the journal: " + cause, cause);
      throw failure;
    }
    writtenTo = batch.getLast().sequence();
    flushedTo = flush ? writtenTo : flushedTo;
    return true;
  }
}
