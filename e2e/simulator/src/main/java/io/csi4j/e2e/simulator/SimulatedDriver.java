package io.csi4j.e2e.simulator;

import com.google.protobuf.Message;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeResponse;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.CreateVolumeResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeResponse;
import io.csi4j.proto.csi.v1.ListVolumesRequest;
import io.csi4j.proto.csi.v1.ListVolumesResponse;
import io.csi4j.proto.csi.v1.Volume;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.CsiCall;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A driver that does as CSI says, and knows what it has made. It outlives the processes that call
 * it.
 */
public final class SimulatedDriver {
  private final Map<String, CreateVolumeRequest> volumes = new LinkedHashMap<>();
  private final Set<String> attached = new TreeSet<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final List<CreateVolumeRequest> creates = new ArrayList<>();
  private final List<ControllerPublishVolumeRequest> publishes = new ArrayList<>();
  private final List<ControllerUnpublishVolumeRequest> unpublishes = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();

  /** How the next call goes wrong. */
  public sealed interface Fault {

    /** The driver says no and does nothing. */
    record Says(Code code, String message) implements Fault {}

    /** The driver does it, and the caller never hears. */
    record DoneUnheard(Code code) implements Fault {}

    /** The call does not get as far as the driver. */
    record Away() implements Fault {}
  }

  public Driver life(Effects effects) {
    return new Life(effects);
  }

  /** The next calls go wrong, one fault each. */
  public void fails(Fault... next) {
    faults.addAll(List.of(next));
  }

  public Set<String> volumeNames() {
    return new TreeSet<>(volumes.keySet());
  }

  /** {@code volume@node} of each that is attached. */
  public Set<String> attached() {
    return new TreeSet<>(attached);
  }

  public void attach(String volumeId, String nodeId) {
    attached.add(volumeId + "@" + nodeId);
  }

  /** Every CreateVolume that arrived. */
  public List<CreateVolumeRequest> creates() {
    return List.copyOf(creates);
  }

  /** Every ControllerPublishVolume that was carried out. */
  public List<ControllerPublishVolumeRequest> publishes() {
    return List.copyOf(publishes);
  }

  /** Every ControllerUnpublishVolume that was carried out. */
  public List<ControllerUnpublishVolumeRequest> unpublishes() {
    return List.copyOf(unpublishes);
  }

  /** Every call that arrived, by name. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  /** Each volume that is attached somewhere, with its nodes. */
  private List<ListVolumesResponse.Entry> listed() {
    var nodes = new TreeMap<String, List<String>>();
    for (var each : attached) {
      var at = each.lastIndexOf('@');
      nodes
          .computeIfAbsent(each.substring(0, at), _ -> new ArrayList<>())
          .add(each.substring(at + 1));
    }
    return nodes.entrySet().stream()
        .map(
            each ->
                ListVolumesResponse.Entry.newBuilder()
                    .setVolume(Volume.newBuilder().setVolumeId(each.getKey()))
                    .setStatus(
                        ListVolumesResponse.VolumeStatus.newBuilder()
                            .addAllPublishedNodeIds(each.getValue()))
                    .build())
        .toList();
  }

  /** As an administrator does at the array. */
  public void detach(String volumeId, String nodeId) {
    attached.remove(volumeId + "@" + nodeId);
  }

  public static String idOf(String name) {
    return "id-of-" + name;
  }

  private final class Life implements Driver {
    private final Effects effects;

    Life(Effects effects) {
      this.effects = effects;
    }

    @Override
    public <Q extends Message, R extends Message> Outcome<R> call(CsiCall<Q, R> call, Q request) {
      return call(call.name(), () -> call.reply().cast(effect(request)));
    }

    private Message effect(Message request) {
      return switch (request) {
        case CreateVolumeRequest create -> make(create);
        case DeleteVolumeRequest delete -> unmake(delete);
        case ControllerPublishVolumeRequest publish -> publish(publish);
        case ControllerUnpublishVolumeRequest unpublish -> unpublish(unpublish);
        case ListVolumesRequest list -> list(list);
        default ->
            throw new UnsupportedOperationException(
                "not simulated yet: " + request.getDescriptorForType().getName());
      };
    }

    private CreateVolumeResponse make(CreateVolumeRequest request) {
      creates.add(request);
      volumes.putIfAbsent(request.getName(), request);
      return CreateVolumeResponse.newBuilder().setVolume(made(request)).build();
    }

    private DeleteVolumeResponse unmake(DeleteVolumeRequest request) {
      volumes.keySet().removeIf(name -> idOf(name).equals(request.getVolumeId()));
      return DeleteVolumeResponse.getDefaultInstance();
    }

    private ControllerPublishVolumeResponse publish(ControllerPublishVolumeRequest request) {
      publishes.add(request);
      attach(request.getVolumeId(), request.getNodeId());
      return ControllerPublishVolumeResponse.newBuilder()
          .putPublishContext("device", "/dev/" + request.getVolumeId())
          .build();
    }

    private ControllerUnpublishVolumeResponse unpublish(ControllerUnpublishVolumeRequest request) {
      unpublishes.add(request);
      attached.remove(request.getVolumeId() + "@" + request.getNodeId());
      return ControllerUnpublishVolumeResponse.getDefaultInstance();
    }

    /** A page at a time, where pages are asked for; the token is the place of the next one. */
    private ListVolumesResponse list(ListVolumesRequest request) {
      var entries = new ArrayList<>(listed());
      var from =
          request.getStartingToken().isEmpty() ? 0 : Integer.parseInt(request.getStartingToken());
      var page = request.getMaxEntries() == 0 ? entries.size() : request.getMaxEntries();
      var to = Math.min(entries.size(), from + page);
      return ListVolumesResponse.newBuilder()
          .addAllEntries(entries.subList(from, to))
          .setNextToken(to == entries.size() ? "" : Integer.toString(to))
          .build();
    }

    private Volume made(CreateVolumeRequest request) {
      return Volume.newBuilder()
          .setVolumeId(idOf(request.getName()))
          .setCapacityBytes(request.getCapacityRange().getRequiredBytes())
          .addAllAccessibleTopology(
              request.getAccessibilityRequirements().getPreferredList().stream().limit(1).toList())
          .build();
    }

    private <T> Outcome<T> call(String name, Supplier<T> effect) {
      effects.before(name);
      var outcome = outcome(name, effect);
      effects.after(name);
      return outcome;
    }

    private <T> Outcome<T> outcome(String name, Supplier<T> effect) {
      var fault = faults.pollFirst();
      if (fault instanceof Fault.Away) {
        return new Outcome.NotReached<>(Outcome.goText(Code.UNAVAILABLE, "connection refused"));
      }
      calls.add(name);
      return switch (fault) {
        case null -> new Outcome.Done<>(effect.get());
        case Fault.Away _ -> throw new IllegalStateException("handled above");
        case Fault.Says(var code, var message) -> failed(code, message);
        case Fault.DoneUnheard(var code) -> {
          var unused = effect.get();
          yield failed(code, "context deadline exceeded");
        }
      };
    }

    private static <T> Outcome<T> failed(Code code, String message) {
      return Outcome.ofFailure(
          code,
          Outcome.goText(code, message),
          Set.of(Code.CANCELED, Code.DEADLINE_EXCEEDED, Code.ABORTED, Code.UNAVAILABLE));
    }
  }
}
