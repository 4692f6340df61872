"""CAM++: one vector for a voice (Wang et al. 2023, "CAM++: A Fast and Efficient Network for Speaker
Verification Using Context-Aware Masking", arXiv 2303.00332).

A small 2-D convolution over time and frequency, then densely connected TDNN layers whose output is masked
by a look at the whole recording and at segments of 100 frames. Names are those of the published weights
(3D-Speaker, zh+en, 192-d), which load strictly.
"""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.nn import functional

MEL_BINS = 80
DIMENSION = 192
SEGMENT_FRAMES = 100


class Residual(nn.Module):
    """Two 3x3 convolutions with a shortcut; the stride halves the frequency axis only."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, (stride, 1), padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, channels, 1, (stride, 1), bias=False), nn.BatchNorm2d(channels)
            )

    def forward(self, x: Tensor) -> Tensor:
        """Shape (batch, channels, n_bins, n_frames) in, n_bins / stride out."""
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        return functional.relu(y + self.shortcut(x))


class FrontEnd(nn.Module):
    """Convolution module: (batch, 80, n_frames) to (batch, 320, n_frames)."""

    def __init__(self, channels: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.layer1 = nn.Sequential(Residual(channels, 2), Residual(channels, 1))
        self.layer2 = nn.Sequential(Residual(channels, 2), Residual(channels, 1))
        self.conv2 = nn.Conv2d(channels, channels, 3, (2, 1), padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, features: Tensor) -> Tensor:
        """Frequency shrinks by 8 and is folded into the channels."""
        x = functional.relu(self.bn1(self.conv1(features[:, None])))
        x = functional.relu(self.bn2(self.conv2(self.layer2(self.layer1(x)))))
        return x.flatten(1, 2)


class Normalised(nn.Module):
    """Batch normalisation, then ReLU."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.batchnorm = nn.BatchNorm1d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Shape (batch, channels, n_frames), kept."""
        return functional.relu(self.batchnorm(x))


class ContextMask(nn.Module):
    """A local convolution, masked per channel by the mean of the whole and of the frame's segment."""

    def __init__(self, inputs: int, outputs: int, dilation: int) -> None:
        super().__init__()
        self.linear_local = nn.Conv1d(inputs, outputs, 3, padding=dilation, dilation=dilation, bias=False)
        self.linear1 = nn.Conv1d(inputs, inputs // 2, 1)
        self.linear2 = nn.Conv1d(inputs // 2, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Shape (batch, inputs, n_frames) to (batch, outputs, n_frames)."""
        context = x.mean(-1, keepdim=True) + _segment_means(x)
        mask = torch.sigmoid(self.linear2(functional.relu(self.linear1(context))))
        masked: Tensor = self.linear_local(x) * mask
        return masked


def _segment_means(x: Tensor) -> Tensor:
    """Each frame replaced by the mean of its segment; the last segment may be shorter."""
    means = functional.avg_pool1d(x, SEGMENT_FRAMES, SEGMENT_FRAMES, ceil_mode=True)
    spread = means[..., None].expand(-1, -1, -1, SEGMENT_FRAMES).flatten(2)
    return spread[..., : x.shape[-1]]


class DenseLayer(nn.Module):
    """Bottleneck and masked convolution; adds `growth` channels to what it is given."""

    def __init__(self, inputs: int, growth: int, bottleneck: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = Normalised(inputs)
        self.linear1 = nn.Conv1d(inputs, bottleneck, 1, bias=False)
        self.nonlinear2 = Normalised(bottleneck)
        self.cam_layer = ContextMask(bottleneck, growth, dilation)

    def forward(self, x: Tensor) -> Tensor:
        """Shape (batch, inputs, n_frames) to (batch, inputs + growth, n_frames)."""
        return torch.cat([x, self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))], dim=1)


class Tdnn(nn.Module):
    """First convolution over time; halves the frame rate."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(inputs, outputs, 5, stride=2, padding=2, bias=False)
        self.nonlinear = Normalised(outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Shape (batch, inputs, n_frames) to (batch, outputs, n_frames / 2)."""
        normalised: Tensor = self.nonlinear(self.linear(x))
        return normalised


class Transit(nn.Module):
    """Halves the channels between two dense blocks."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.nonlinear = Normalised(channels)
        self.linear = nn.Conv1d(channels, channels // 2, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Shape (batch, channels, n_frames) to (batch, channels / 2, n_frames)."""
        halved: Tensor = self.linear(self.nonlinear(x))
        return halved


class Embedding(nn.Module):
    """Mean and standard deviation over time to the voice vector."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(2 * channels, DIMENSION, 1, bias=False)
        self.nonlinear = nn.Sequential(OrderedDict(batchnorm=nn.BatchNorm1d(DIMENSION, affine=False)))

    def forward(self, x: Tensor) -> Tensor:
        """Shape (batch, channels, n_frames) to (batch, 192)."""
        statistics = torch.cat([x.mean(-1), x.std(-1)], dim=1)
        vector: Tensor = self.nonlinear(self.linear(statistics[..., None]).squeeze(-1))
        return vector


class CamPlusPlus(nn.Module):
    """Filterbank energies (batch, n_frames, 80), mean over time taken off, to vectors (batch, 192).

    Compare vectors by cosine. At least 3 frames of 10 ms; useful from about half a second.
    """

    def __init__(self) -> None:
        super().__init__()
        self.head = FrontEnd()
        layers: OrderedDict[str, nn.Module] = OrderedDict(tdnn=Tdnn(320, 128))
        channels, growth = 128, 32
        for number, (depth, dilation) in enumerate(((12, 1), (24, 2), (16, 2)), start=1):
            layers[f"block{number}"] = nn.Sequential(
                OrderedDict(
                    (f"tdnnd{i + 1}", DenseLayer(channels + i * growth, growth, 128, dilation))
                    for i in range(depth)
                )
            )
            channels += depth * growth
            layers[f"transit{number}"] = Transit(channels)
            channels //= 2
        layers["out_nonlinear"] = Normalised(channels)
        layers["dense"] = Embedding(channels)
        self.xvector = nn.Sequential(layers)

    def forward(self, features: Tensor) -> Tensor:
        """One vector for each recording of the batch."""
        vector: Tensor = self.xvector(self.head(features.transpose(1, 2)))
        return vector
