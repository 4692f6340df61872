"""PyanNet: who speaks when within ten seconds, for at most three people, two of them at a time.

SincNet filters (Ravanelli and Bengio 2018, arXiv 1808.00158) feed a stack of LSTMs and a classifier over
the power set of speakers (Plaquet and Bredin 2023, "Powerset multi-class cross entropy loss for neural
speaker diarization", Interspeech). Sizes and names are those of the published weights of segmentation-3.0,
which load strictly.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

SAMPLE_RATE = 16_000
WINDOW_SAMPLES = 160_000
RECEPTIVE_FIELD = 991
FRAME_SHIFT = 270
SPEAKER_SETS = ((), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
"""Meaning of the seven classes: the speakers who talk in a frame."""


class SincFilters(nn.Module):
    """Band-pass filters given by two learned cut-off frequencies each: even (cosine) and odd (sine) ones.

    In (batch, 1, n_samples), out (batch, 2 * pairs, n_frames).
    """

    LOWEST_HZ = 50.0
    NARROWEST_HZ = 50.0

    low_hz_: Tensor
    band_hz_: Tensor
    window_: Tensor
    n_: Tensor

    def __init__(self, pairs: int, kernel_size: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        half = kernel_size // 2
        self.low_hz_ = nn.Parameter(torch.zeros(pairs, 1))
        self.band_hz_ = nn.Parameter(torch.zeros(pairs, 1))
        # Left half of the window and of the time axis (2 pi t in seconds); the right half mirrors it.
        self.register_buffer("window_", torch.hamming_window(kernel_size, periodic=False)[:half])
        self.register_buffer("n_", 2 * torch.pi * torch.arange(-half, 0.0)[None] / SAMPLE_RATE)

    def kernels(self) -> Tensor:
        """Impulse responses, shape (2 * pairs, 1, kernel_size)."""
        low = self.LOWEST_HZ + self.low_hz_.abs()
        high = (low + self.NARROWEST_HZ + self.band_hz_.abs()).clamp(self.LOWEST_HZ, SAMPLE_RATE / 2)
        band = high - low
        scale = self.window_ / (self.n_ / 2) / (2 * band)
        even = (torch.sin(high @ self.n_) - torch.sin(low @ self.n_)) * scale
        odd = (torch.cos(low @ self.n_) - torch.cos(high @ self.n_)) * scale
        even = torch.cat([even, torch.ones_like(band), even.flip(1)], dim=1)
        odd = torch.cat([odd, torch.zeros_like(band), -odd.flip(1)], dim=1)
        return torch.cat([even, odd])[:, None]

    def forward(self, waveform: Tensor) -> Tensor:
        """Filter the waveform."""
        return functional.conv1d(waveform, self.kernels(), stride=self.stride)


class Filterbank(nn.Module):
    """Holds the filters under the name that the published weights use."""

    def __init__(self, filters: SincFilters) -> None:
        super().__init__()
        self.filterbank = filters

    def forward(self, waveform: Tensor) -> Tensor:
        """Filter the waveform."""
        filtered: Tensor = self.filterbank(waveform)
        return filtered.abs()


class SincNet(nn.Module):
    """Waveform (batch, 1, n_samples) to features (batch, 60, n_frames), a frame every 270 samples."""

    def __init__(self) -> None:
        super().__init__()
        self.wav_norm1d = nn.InstanceNorm1d(1, affine=True)
        self.conv1d = nn.ModuleList(
            [
                Filterbank(SincFilters(pairs=40, kernel_size=251, stride=10)),
                nn.Conv1d(80, 60, 5),
                nn.Conv1d(60, 60, 5),
            ]
        )
        self.norm1d = nn.ModuleList([nn.InstanceNorm1d(size, affine=True) for size in (80, 60, 60)])

    def forward(self, waveform: Tensor) -> Tensor:
        """Three rounds of convolution, pooling by 3, normalisation."""
        features: Tensor = self.wav_norm1d(waveform)
        for convolve, normalise in zip(self.conv1d, self.norm1d, strict=True):
            features = functional.leaky_relu(normalise(functional.max_pool1d(convolve(features), 3)))
        return features


class PyanNet(nn.Module):
    """Waveform (batch, 1, n_samples) to log probabilities (batch, n_frames, 7) of SPEAKER_SETS.

    160,000 samples give 589 frames; frame i sees samples 270 i to 270 i + 991.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sincnet = SincNet()
        self.lstm = nn.LSTM(60, 128, num_layers=4, bidirectional=True, batch_first=True)
        self.linear = nn.ModuleList([nn.Linear(256, 128), nn.Linear(128, 128)])
        self.classifier = nn.Linear(128, len(SPEAKER_SETS))

    def forward(self, waveform: Tensor) -> Tensor:
        """Classify each frame."""
        features, _ = self.lstm(self.sincnet(waveform).transpose(1, 2))
        for linear in self.linear:
            features = functional.leaky_relu(linear(features))
        return functional.log_softmax(self.classifier(features), dim=-1)
