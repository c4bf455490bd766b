import type { ApiCodec } from '../api-codec.ts';
import { responsesAnswerCodec } from './answer.ts';
import { responsesHistory } from './history.ts';
import { responsesLocal } from './local.ts';
import { responsesRequest } from './request.ts';
import { responsesRounds } from './rounds.ts';
import { responsesClient } from './translation/client.ts';
import { compactionClient } from './translation/compaction-client.ts';
import { responsesProvider } from './translation/provider.ts';

export const responsesCodec: ApiCodec = {
  name: 'Responses',
  request: responsesRequest,
  history: responsesHistory,
  answer: responsesAnswerCodec,
  local: responsesLocal,
  rounds: responsesRounds,
  clientTranslation: responsesClient,
  compactionTranslation: compactionClient,
  providerTranslation: responsesProvider,
};
