"""KServe's own Python server with the network of a repository that `slerp-studio export-onnx` wrote.

pip install kserve onnxruntime; python kserve_server.py REPOSITORY PORT

Besides `unet` it serves `unet_half`, whose states travel as float16; and two that must be refused: `unet_other`, which
answers as another network would, and `unet_short`, which answers too little. SIGUSR1 makes all of them unready, as a server
that is busy or starts anew is, and ready again.
"""

import signal
import sys

import numpy as np
import onnxruntime
from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer

repository, port = sys.argv[1], int(sys.argv[2])
sys.argv = sys.argv[:1]
TYPES = {"tensor(float)": "FP32", "tensor(float16)": "FP16", "tensor(int64)": "INT64"}
NUMPY = {"FP32": np.float32, "FP16": np.float16, "INT64": np.int64}
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(f"{repository}/unet/1/model.onnx", options)
STATES = TYPES[session.get_inputs()[0].type]


class UNet(Model):
    def __init__(self, name="unet", state_type=STATES, change=lambda answer: answer) -> None:
        super().__init__(name)
        self.state_type, self.change = state_type, change
        self.ready = True

    def about(self, tensors) -> list[dict]:
        types = {t.name: self.state_type if len(t.shape) == 4 else TYPES[t.type] for t in tensors}
        return [{"name": t.name, "datatype": types[t.name], "shape": [-1, *t.shape[1:]]} for t in tensors]

    async def get_input_types(self) -> list[dict]:
        return self.about(session.get_inputs())

    async def get_output_types(self) -> list[dict]:
        return self.about(session.get_outputs())

    def predict(self, payload: InferRequest, headers: dict | None = None) -> InferResponse:
        types = {t.name: NUMPY[TYPES[t.type]] for t in session.get_inputs()}
        feeds = {tensor.name: tensor.as_numpy().astype(types[tensor.name]) for tensor in payload.inputs}
        answer = self.change(session.run(None, feeds)[0])
        output = InferOutput("out_sample", list(answer.shape), self.state_type)
        output.set_data_from_numpy(answer.astype(NUMPY[self.state_type]), binary_data=True)
        return InferResponse(payload.id, self.name, [output], requested_outputs=payload.request_outputs)


models = [
    UNet(),
    UNet("unet_half", "FP16"),
    UNet("unet_other", change=lambda answer: answer * answer.dtype.type(1.1)),
    UNet("unet_short", change=lambda answer: answer[:, :, 1:]),
]


def toggle(*_) -> None:
    for model in models:
        model.ready = not model.ready


signal.signal(signal.SIGUSR1, toggle)
ModelServer(http_port=port, enable_grpc=False, workers=1).start(models)
