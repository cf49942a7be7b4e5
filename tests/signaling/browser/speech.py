"""A voice for the fake microphone, and how much of it arrives.

The voice is made up: syllables of vowels with gliding formants and hissing consonants, words and pauses, in the rhythm
of speech. The likeness is that of STOI (Taal and others, 2011): the short-time envelopes of 15 third-octave bands,
compared over 384 ms at a time. 1 is the same, and below 0.6 or so a sentence cannot be followed.
"""

import io
import wave
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

RATE: Final = 48_000
SECONDS: Final = 12
FRAME, HOP, SEGMENT = 1229, 614, 30
# As far as the buffer of a receiver moves what it plays, in hops.
DRIFT: Final = 24
VOWELS: Final = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))
BANDS: Final = 150 * 2 ** (np.arange(15) / 3)


def write_speech(path: Path) -> Samples:
    """The voice as a WAV file that Chromium plays over and over; and as samples."""
    voice = _speech(np.random.default_rng(11))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((voice * 32767 * 0.6).astype("<i2").tobytes())
    return voice


def _speech(dice: np.random.Generator) -> Samples:
    count = RATE * SECONDS
    voiced, hiss = np.zeros(count), np.zeros(count)
    formants = np.zeros((3, count))
    at = 0.05
    while at < SECONDS - 0.4:
        for _ in range(dice.integers(2, 5)):
            if dice.random() < 0.5:
                at = _shape(hiss, at, dice.uniform(0.06, 0.11), 0.25)
            start, at = at, _shape(voiced, at, dice.uniform(0.11, 0.19), dice.uniform(0.6, 1.0))
            formants[:, int(start * RATE) :] = np.array(VOWELS[dice.integers(len(VOWELS))])[:, None]
        at += dice.uniform(0.08, 0.3)
    glide = np.ones(2400) / 2400
    smooth = np.array([np.convolve(each, glide, mode="same") for each in formants])
    pitch = 118 + 22 * np.sin(np.arange(count) / RATE * 2 * np.pi * 0.43)
    voice = voiced * _vowels(pitch, smooth) + hiss * _noise(dice, count)
    return np.asarray(voice / np.abs(voice).max())


def _shape(into: Samples, at: float, lasts: float, loud: float) -> float:
    first, count = int(at * RATE), int(lasts * RATE)
    part = into[first : first + count]
    part += loud * np.hanning(count)[: len(part)] ** 0.6
    return at + lasts * 0.95


def _vowels(pitch: Samples, formants: Samples) -> Samples:
    """The harmonics of the pitch, each as loud as the formants make it."""
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    total = np.zeros(len(pitch))
    for number in range(1, 34):
        heard = sum(1 / (1 + ((number * pitch - each) / 90) ** 2) for each in formants)
        total += np.sin(number * phase) * heard / number**0.3
    return np.asarray(total / np.abs(total).max())


def _noise(dice: np.random.Generator, count: int) -> Samples:
    spectrum = np.fft.rfft(dice.standard_normal(count))
    pitch = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[(pitch < 2500) | (pitch > 7000)] = 0
    noise = np.fft.irfft(spectrum, count)
    return np.asarray(noise / np.abs(noise).max())


def read(recording: bytes) -> Samples:
    """What a MediaRecorder wrote."""
    parts = []
    with av.open(io.BytesIO(recording), "r") as file:
        to_mono: Any = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        for frame in file.decode(audio=0):
            parts += [each.to_ndarray()[0] for each in to_mono.resample(frame)]
    return np.concatenate(parts).astype(np.float64)


def likeness(sent: Samples, received: Samples) -> float:
    """How much of what was said, over and over, is in what was heard, from any moment on."""
    said, heard = _envelopes(np.tile(sent, 3)), _envelopes(received)
    lag = _lag(said, heard)
    loud = said.sum(axis=0)
    scores = []
    for start in range(DRIFT, heard.shape[1] - SEGMENT - DRIFT, SEGMENT // 2):
        spoken = said[:, start + lag : start + lag + SEGMENT]
        # Who says nothing cannot be misunderstood.
        if loud[start + lag : start + lag + SEGMENT].mean() > 0.3 * loud.mean():
            scores.append(
                max(
                    _alike(spoken, heard[:, start + drift : start + drift + SEGMENT])
                    for drift in range(-DRIFT, DRIFT + 1)
                )
            )
    return float(np.mean(scores))


def _envelopes(samples: Samples) -> Samples:
    count = (len(samples) - FRAME) // HOP
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP][:count]
    power = np.abs(np.fft.rfft(frames * np.hanning(FRAME), axis=1)) ** 2
    pitch = np.fft.rfftfreq(FRAME, 1 / RATE)
    edges = 2 ** (1 / 6)
    bands = [power[:, (pitch >= low / edges) & (pitch < low * edges)].sum(axis=1) for low in BANDS]
    return np.asarray(np.sqrt(np.array(bands)), dtype=np.float64)


def _lag(said: Samples, heard: Samples) -> int:
    one, other = (np.log(each.sum(axis=0) + 1e-3 * each.max()) for each in (said, heard))
    one, other = one - one.mean(), other - other.mean()
    return int(np.argmax(np.correlate(one, other, mode="valid")))


def _alike(one: Samples, other: Samples) -> float:
    """The mean correlation of the bands."""
    one = one - one.mean(axis=1, keepdims=True)
    other = other - other.mean(axis=1, keepdims=True)
    size = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return float(np.mean((one * other).sum(axis=1) / np.maximum(size, 1e-9)))
