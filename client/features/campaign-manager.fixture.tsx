/* A component of the earlier system, to the letter: what it imports, reads and calls must keep working. */
// prettier-ignore
import { useCampaignUpdates, useCampaignState } from '../store/global';

// oxlint-disable no-unused-vars -- to the letter
// prettier-ignore
function CampaignManager() {
  const { updateCampaign, updateCampaignFeatures } = useCampaignUpdates();
  const campaignState = useCampaignState();

  const handleUpdate = () => {
    updateCampaign({
      title: "New Title",
      status: "active"
    }, (response) => {
      console.log('Campaign updated:', response);
    });
  };

  return (
    <div>
      <h1>{campaignState.state?.title}</h1>
      <button onClick={handleUpdate}>Update Campaign</button>
    </div>
  );
}

export { CampaignManager };
