package io.csi4j.driver.local;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.CapacityReport;
import io.csi4j.driver.spi.Reason;

/** How much room there is for volumes of some kind. */
final class LocalCapacity implements CapacityReport {
  private final PoolRoom room;
  private final LocalVolumes.Limits limits;

  LocalCapacity(PoolRoom room, LocalVolumes.Limits limits) {
    this.room = room;
    this.limits = limits;
  }

  @Override
  public Answer<Room> room(Question question) {
    var objection = Offer.objection(question.parameters());
    if (objection.isPresent()) {
      return Answer.refused(Reason.INVALID_ARGUMENT, objection.get());
    }
    var here = limits.here();
    var at = question.at();
    if (here != null && at != null && !Places.fits(here, at)) {
      return Answer.done(Room.NONE);
    }
    var content =
        question.capabilities().isEmpty()
            ? null
            : Offer.contentFor(question.capabilities(), question.parameters(), null);
    return switch (content) {
      case Offer.Wanted.Impossible _ -> Answer.done(Room.NONE);
      case Offer.Wanted.Possible(var wanted) ->
          available(question, new SizeChoice.Limits(wanted, 0, limits.sizeBytesMax()).smallest());
      case null -> available(question, SizeChoice.UNIT_BYTES);
    };
  }

  private Answer<Room> available(Question question, long smallest) {
    return room.availableBytes(Allocation.of(question.parameters()))
        .map(
            bytes ->
                new Room(
                    bytes,
                    smallest,
                    Math.min(bytes, limits.sizeBytesMax())
                        / SizeChoice.UNIT_BYTES
                        * SizeChoice.UNIT_BYTES));
  }
}
