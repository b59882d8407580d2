"""NVIDIA Triton with the network of a repository that `slerp-studio export-onnx` wrote, as a Python callable over onnxruntime.

pip install nvidia-pytriton onnxruntime; python triton.py REPOSITORY PORT
"""

import sys

import numpy as np
import onnxruntime
from pytriton.decorators import batch
from pytriton.model_config import DynamicBatcher, ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

repository, port = sys.argv[1], int(sys.argv[2])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(f"{repository}/unet/1/model.onnx", options)
shape = session.get_inputs()[0].shape[1:]
states = np.float16 if session.get_inputs()[0].type == "tensor(float16)" else np.float32


@batch
def infer(sample: np.ndarray, timestep: np.ndarray) -> dict[str, np.ndarray]:
    return {"out_sample": session.run(None, {"sample": sample, "timestep": timestep.reshape(-1)})[0]}


config = TritonConfig(http_port=port, grpc_port=port + 1, metrics_port=port + 2, allow_metrics=False, exit_on_error=True)
with Triton(config=config) as triton:
    triton.bind(
        model_name="unet",
        infer_func=infer,
        inputs=[Tensor(name="sample", dtype=states, shape=shape), Tensor(name="timestep", dtype=np.float32, shape=(1,))],
        outputs=[Tensor(name="out_sample", dtype=states, shape=session.get_outputs()[0].shape[1:])],
        config=ModelConfig(max_batch_size=64, batcher=DynamicBatcher(max_queue_delay_microseconds=1000)),
        strict=True,
    )
    triton.serve()
