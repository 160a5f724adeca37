"""Our Transformer as a CTranslate2 model, in a folder."""

from pathlib import Path

import numpy as np
from ctranslate2.specs import common_spec, transformer_spec

from model import waves


def convert(model, config, folder):
    """`model`: the PyTorch model, with its weights."""
    layers = (config["encoderLayers"], config["decoderLayers"])
    spec = transformer_spec.TransformerSpec.from_config(
        layers, config["heads"], pre_norm=True, activation=common_spec.Activation.RELU
    )
    table = numpy(model.table.weight)
    positions = waves(0, 1024, config["size"]).numpy()
    for side, ours, norm in (
        (spec.encoder, model.encoder, model.encoder_norm), (spec.decoder, model.decoder, model.decoder_norm)
    ):
        embeddings = side.embeddings[0] if isinstance(side.embeddings, list) else side.embeddings
        embeddings.weight = table
        side.scale_embeddings = True
        side.position_encodings.encodings = positions
        set_norm(side.layer_norm, norm)
        for layer, own in zip(side.layer, ours):
            set_attention(layer.self_attention, own.attention, own.norm)
            if own.cross is not None:
                set_attention(layer.attention, own.cross, own.cross_norm, cross=True)
            set_norm(layer.ffn.layer_norm, own.last_norm)
            set_linear(layer.ffn.linear_0, own.inner)
            set_linear(layer.ffn.linear_1, own.outer)
    spec.decoder.projection.weight, spec.decoder.projection.bias = table, numpy(model.bias)
    words = [str(i) for i in range(table.shape[0])]
    spec.register_source_vocabulary(words)
    spec.register_target_vocabulary(words)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = words[1], words[2], words[0]
    spec.config.decoder_start_token = words[1]
    spec.config.add_source_bos = spec.config.add_source_eos = False
    spec.validate()
    spec.optimize(quantization=None)
    Path(folder).mkdir()
    spec.save(folder)


def numpy(tensor):
    return tensor.detach().numpy().astype(np.float32)


def set_linear(spec, layer):
    spec.weight, spec.bias = numpy(layer.weight), numpy(layer.bias)


def set_norm(spec, norm):
    spec.gamma, spec.beta = numpy(norm.weight), numpy(norm.bias)


def set_attention(spec, attention, norm, cross=False):
    set_norm(spec.layer_norm, norm)
    q, kv = attention.query, attention.memory
    if cross:
        set_linear(spec.linear[0], q)
        set_linear(spec.linear[1], kv)
    else:
        spec.linear[0].weight = np.concatenate([numpy(q.weight), numpy(kv.weight)])
        spec.linear[0].bias = np.concatenate([numpy(q.bias), numpy(kv.bias)])
    set_linear(spec.linear[-1], attention.output)
