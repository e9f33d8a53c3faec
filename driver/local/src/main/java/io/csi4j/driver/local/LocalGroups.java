package io.csi4j.driver.local;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.GroupSnapshots;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out {@link GroupStep}: all volumes stand still before the first is copied, so the copies
 * are of one moment.
 */
final class LocalGroups implements GroupSnapshots {
  private static final Logger log = LoggerFactory.getLogger(LocalGroups.class);

  private final Stores stores;
  private final LocalSnapshots snapshots;
  private final LocalSnapshots.Cutting cutting;

  LocalGroups(Stores stores, LocalSnapshots snapshots, LocalSnapshots.Cutting cutting) {
    this.stores = stores;
    this.snapshots = snapshots;
    this.cutting = cutting;
  }

  /** As {@link LocalSnapshots#recover}, and after it. */
  void recover() {
    for (var group : stores.groups().all()) {
      if (group.stage() == Stage.BEING_MADE
          && members(group).size() == group.sourceVolumeIds().size()) {
        // Members that are not whole are gone by now, so this lacks nothing but its last line.
        stores.groups().put(group.in(Stage.READY));
      } else if (group.stage() != Stage.READY
          && remove(group) instanceof Answer.Refused<Nothing>(_, var message)) {
        log.atWarn()
            .addKeyValue("group", group.id())
            .addKeyValue("reason", message)
            .log("could not finish removing");
      }
    }
  }

  @Override
  public Answer<SnapshotGroup> snapshotGroup(GroupSpec spec) {
    var existing = stores.groups().byName(spec.name()).orElse(null);
    if (existing != null && existing.stage() != Stage.READY) {
      return remove(existing).then(_ -> snapshotGroup(spec, null));
    }
    return snapshotGroup(spec, existing);
  }

  @Override
  public Answer<Nothing> deleteGroup(String groupId, Secrets secrets) {
    return stores.groups().byId(groupId).map(this::remove).orElseGet(Answer::done);
  }

  @Override
  public Answer<SnapshotGroup> findGroup(String groupId) {
    return stores
        .groups()
        .ready(groupId)
        .map(group -> Answer.done(shown(group)))
        .orElseGet(
            () -> Answer.refused(Reason.NOT_FOUND, "group %s does not exist".formatted(groupId)));
  }

  private Answer<SnapshotGroup> snapshotGroup(GroupSpec spec, @Nullable GroupRecord existing) {
    var found =
        spec.sourceVolumeIds().stream()
            .map(stores.volumes()::ready)
            .flatMap(Optional::stream)
            .toList();
    return switch (GroupStep.decide(new GroupStep.GroupFacts(spec, existing, found))) {
      case GroupStep.Exists(var group) -> Answer.done(shown(group));
      case GroupStep.Refuse(var reason, var message) -> Answer.refused(reason, message);
      case GroupStep.Cut cut -> cut(spec, cut);
    };
  }

  private Answer<SnapshotGroup> cut(GroupSpec spec, GroupStep.Cut step) {
    var now = cutting.clock().instant();
    var group =
        new GroupRecord(
            cutting.ids().next(),
            spec.name(),
            spec.sourceVolumeIds(),
            spec.parameters(),
            now,
            Stage.BEING_MADE);
    stores.groups().put(group);
    List<SnapshotRecord> members = new ArrayList<>();
    for (var source : step.sources()) {
      var id = cutting.ids().next();
      var member = SnapshotRecord.beingMade(id, "", source, now).inGroup(group.id());
      stores.snapshots().put(member);
      members.add(member);
    }
    var answer =
        cutting
            .cuts()
            .during(step.sources(), step.rawInUse(), () -> cutAll(members))
            .then(_ -> keepAll(members));
    return switch (answer) {
      case Answer.Done<Nothing> _ -> {
        members.forEach(member -> stores.snapshots().put(member.in(Stage.READY)));
        // Only now may callers see the members' group; a crash before this undoes all of it.
        stores.groups().put(group.in(Stage.READY));
        log.atInfo()
            .addKeyValue("group", group.id())
            .addKeyValue("members", members.size())
            .log("cut");
        yield Answer.done(shown(group));
      }
      case Answer.Refused<Nothing> refused -> {
        remove(group);
        yield refused.as();
      }
    };
  }

  private Answer<Nothing> cutAll(List<SnapshotRecord> members) {
    Answer<Nothing> answer = Answer.done();
    for (var member : members) {
      answer = answer.then(_ -> cutting.files().cut(member.sourceVolumeId(), member));
    }
    return answer;
  }

  private Answer<Nothing> keepAll(List<SnapshotRecord> members) {
    Answer<Nothing> answer = Answer.done();
    for (var member : members) {
      answer = answer.then(_ -> cutting.files().keep(member));
    }
    return answer;
  }

  /** May be repeated; forgets the group only after its members are gone. */
  private Answer<Nothing> remove(GroupRecord group) {
    if (group.stage() == Stage.READY) {
      stores.groups().put(group.in(Stage.BEING_REMOVED));
    }
    Answer<Nothing> answer = Answer.done();
    for (var member : members(group)) {
      answer = answer.then(_ -> snapshots.remove(member));
    }
    return answer.map(
        nothing -> {
          stores.groups().remove(group);
          log.atInfo().addKeyValue("group", group.id()).log("removed");
          return nothing;
        });
  }

  private List<SnapshotRecord> members(GroupRecord group) {
    return stores.snapshots().all().stream()
        .filter(snapshot -> snapshot.groupId().equals(group.id()))
        .toList();
  }

  private SnapshotGroup shown(GroupRecord group) {
    return new SnapshotGroup(
        group.id(), members(group).stream().map(snapshots::shown).toList(), group.cutAt());
  }
}
