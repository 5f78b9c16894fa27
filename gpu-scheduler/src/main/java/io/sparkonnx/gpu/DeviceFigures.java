package io.sparkonnx.gpu;

import java.util.Optional;

/**
 * What happens on a device, at one moment.
 *
 * @param budgetBytes bytes that leases may hold at once
 * @param heldBytes bytes that they hold
 * @param residentBytes the part of these that stays when batches are over
 * @param peakBytes most bytes that they held at once
 * @param leases leases that are held
 * @param waiting requests that wait and for which the device would do
 * @param granted leases granted so far
 * @param waitedNanos time that the granted ones waited, summed
 * @param retries runs that were made again with fewer rows
 * @param quarantine why the device is not used any more, if so
 */
public record DeviceFigures(
    String device,
    long budgetBytes,
    long heldBytes,
    long residentBytes,
    long peakBytes,
    int leases,
    int waiting,
    long granted,
    long waitedNanos,
    long retries,
    Optional<String> quarantine) {}
