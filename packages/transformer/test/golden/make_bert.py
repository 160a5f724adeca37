"""Golden values: the last hidden states of a small BERT of Hugging Face, in double precision, with its weights.

pip install torch==2.13.0 transformers==5.24.0
python3 make_bert.py > bert.golden.json
"""

import json

import torch
from transformers import BertConfig, BertModel

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
config = BertConfig(vocab_size=13, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12, max_position_embeddings=6)
model = BertModel(config, add_pooling_layer=False).eval()
for parameter in model.parameters():
    torch.nn.init.normal_(parameter, std=0.7)
tokens, lengths = [[4, 5, 6, 7, 8], [9, 10, 11, 0, 0]], [5, 3]
mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
with torch.no_grad():
    hidden = model(torch.tensor(tokens), attention_mask=mask).last_hidden_state


def flat(tensor):
    return {"shape": list(tensor.shape), "values": [round(v, 7) for v in tensor.flatten().tolist()]}


golden = {
    "config": config.to_dict(),
    "weights": {name: flat(tensor) for name, tensor in model.state_dict().items()},
    "tokens": tokens,
    "lengths": lengths,
    "hidden": [hidden[row, :length].tolist() for row, length in enumerate(lengths)],
}
print(json.dumps(golden, default=str))
