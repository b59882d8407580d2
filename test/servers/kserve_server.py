"""KServe's own Python server with the network of a repository that `slerp-studio export-onnx` wrote.

pip install kserve onnxruntime; python kserve_server.py REPOSITORY PORT
"""

import sys

import onnxruntime
from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer

repository, port = sys.argv[1], int(sys.argv[2])
sys.argv = sys.argv[:1]
TYPES = {"tensor(float)": "FP32", "tensor(int64)": "INT64"}


class UNet(Model):
    def __init__(self) -> None:
        super().__init__("unet")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(f"{repository}/unet/1/model.onnx", options)
        self.ready = True

    async def get_input_types(self) -> list[dict]:
        return [{"name": i.name, "datatype": TYPES[i.type], "shape": [-1, *i.shape[1:]]} for i in self.session.get_inputs()]

    async def get_output_types(self) -> list[dict]:
        return [{"name": i.name, "datatype": TYPES[i.type], "shape": [-1, *i.shape[1:]]} for i in self.session.get_outputs()]

    def predict(self, payload: InferRequest, headers: dict | None = None) -> InferResponse:
        feeds = {tensor.name: tensor.as_numpy() for tensor in payload.inputs}
        answer = self.session.run(None, feeds)[0]
        output = InferOutput("out_sample", list(answer.shape), "FP32")
        output.set_data_from_numpy(answer, binary_data=True)
        return InferResponse(payload.id, self.name, [output])


ModelServer(http_port=port, enable_grpc=False, workers=1).start([UNet()])
